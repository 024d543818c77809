-- Building a large array of bools, then reading and writing it in loops. Slot i + 1 holds the flag of i.
local function count_primes(limit)
    local flags = {}
    local i = 0
    while i <= limit do
        flags[#flags + 1] = true
        i = i + 1
    end
    local count = 0
    local p = 2
    while p <= limit do
        if flags[p + 1] then
            count = count + 1
            local multiple = p * p
            while multiple <= limit do
                flags[multiple + 1] = false
                multiple = multiple + p
            end
        end
        p = p + 1
    end
    return count
end

print(count_primes(tonumber(arg[1] or 5000000)))
