-- A loop that does nothing but count and add.
local function sum_below(n)
    local total = 0
    local i = 0
    while i < n do
        total = total + i
        i = i + 1
    end
    return total
end

print(string.format("%d", sum_below(tonumber(arg[1] or 50000000))))
