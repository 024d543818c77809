-- Flipping pancakes: for each of the first permutations of ten numbers, how many prefixes are turned until a 0 lies on top.
-- Places are Lua's, from 1.
local function flips_of(original)
    local permutation = {}
    for i = 1, #original do
        permutation[i] = original[i]
    end
    local flips = 0
    local first = permutation[1]
    while first ~= 0 do
        local low = 1
        local high = first + 1
        while low < high do
            permutation[low], permutation[high] = permutation[high], permutation[low]
            low = low + 1
            high = high - 1
        end
        flips = flips + 1
        first = permutation[1]
    end
    return flips
end

local function fannkuch(permutations)
    local size = 10
    local permutation, counts = {}, {}
    for i = 1, size do
        permutation[i] = i - 1
        counts[i] = i
    end
    local most = 0
    local checksum = 0
    for number = 0, permutations - 1 do
        local flips = flips_of(permutation)
        if flips > most then
            most = flips
        end
        if number % 2 == 0 then
            checksum = checksum + flips
        else
            checksum = checksum - flips
        end

        -- The next permutation: turn ever longer prefixes by one place, until one has not come round yet.
        local place = 2
        local turning = true
        while turning and place <= size do
            local first = permutation[1]
            for i = 1, place - 1 do
                permutation[i] = permutation[i + 1]
            end
            permutation[place] = first
            counts[place] = counts[place] - 1
            if counts[place] == 0 then
                counts[place] = place
                place = place + 1
            else
                turning = false
            end
        end
    end
    print(checksum .. " " .. most)
end

fannkuch(tonumber(arg[1] or 150000))
