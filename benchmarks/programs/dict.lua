-- Tables: counting a thousand words over and over, then filling and reading one with scattered integer keys.
local function count_words(n)
    local words = {}
    local counts = {}
    local i = 0
    while i < 1000 do
        local word = "word" .. i
        words[#words + 1] = word
        counts[word] = 0
        i = i + 1
    end
    i = 0
    while i < n do
        local word = words[i * 7 % 1000 + 1]
        counts[word] = counts[word] + i % 3
        i = i + 1
    end
    local checksum = 0
    i = 0
    while i < 1000 do
        checksum = (checksum * 31 + counts[words[i + 1]]) % 1000003
        i = i + 1
    end
    return checksum
end

local function scattered_keys(n)
    local table = {}
    local i = 0
    while i < n do
        table[i * 7919 % 1000003] = i
        i = i + 1
    end
    local checksum = 0
    i = 0
    while i < n do
        checksum = (checksum + table[i * 7919 % 1000003] * 3) % 1000003
        i = i + 1
    end
    local size = 0
    for _ in pairs(table) do
        size = size + 1
    end
    return checksum + size
end

local n = tonumber(arg[1] or 1500000)
print(count_words(n))
print(scattered_keys(n))
