-- Calling closures: one that keeps a count, one that reads a captured value, one through a higher-order function.
local function make_counter()
    local count = 0
    return function()
        count = count + 1
        return count
    end
end

local function make_adder(amount)
    return function(x)
        return x + amount
    end
end

local function apply(f, x)
    return (f(x))
end

local function run(n)
    local tick = make_counter()
    local add_three = make_adder(3)
    local total = 0
    local i = 0
    while i < n do
        total = (total + apply(add_three, i) + add_three(tick())) % 1000003
        i = i + 1
    end
    return total
end

print(run(tonumber(arg[1] or 5000000)))
