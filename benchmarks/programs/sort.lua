-- Quicksort with an explicit stack, in place on an array. Indices are Lua's, from 1.
local function make_numbers(n)
    local numbers = {}
    local seed = 42
    local i = 0
    while i < n do
        seed = (seed * 16807) % 2147483647
        numbers[#numbers + 1] = seed % 1000000
        i = i + 1
    end
    return numbers
end

local function quicksort(a)
    local lows = {1}
    local highs = {#a}
    local depth = 1
    while depth > 0 do
        local low = lows[depth]
        local high = highs[depth]
        depth = depth - 1
        while low < high do
            -- The same element as with indices from 0, so that all versions do the same work.
            local pivot = a[math.floor((low + high - 2) / 2) + 1]
            local i = low
            local j = high
            while i <= j do
                while a[i] < pivot do
                    i = i + 1
                end
                while pivot < a[j] do
                    j = j - 1
                end
                if i <= j then
                    local held = a[i]
                    a[i] = a[j]
                    a[j] = held
                    i = i + 1
                    j = j - 1
                end
            end
            depth = depth + 1
            lows[depth] = i
            highs[depth] = high
            high = j
        end
    end
    return a
end

local function checksum(a)
    local result = 0
    local i = 1
    while i <= #a do
        result = (result * 31 + a[i]) % 1000003
        i = i + 1
    end
    return result
end

print(checksum(quicksort(make_numbers(tonumber(arg[1] or 700000)))))
