-- A loop that does nothing but count and add, in rounds: the sum of one round is exact in a float too, for peers that count in floats.
local function sum_below(n)
    local total = 0
    local i = 0
    while i < n do
        total = total + i
        i = i + 1
    end
    return total
end

local function sum_in_rounds(n)
    local check = 0
    local left = n
    while left > 0 do
        local size = left
        if size > 100000000 then
            size = 100000000
        end
        check = (check + sum_below(size)) % 1000003
        left = left - size
    end
    return check
end

print(string.format("%d", sum_in_rounds(tonumber(arg[1] or 50000000))))
