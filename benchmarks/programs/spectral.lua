-- The largest eigenvalue of an endless matrix, by the power method: small calls and float arithmetic over arrays.
-- The product is even, so it is halved exactly.
local function element(row, column)
    return 1.0 / ((row + column) * (row + column + 1) / 2 + row + 1)
end

local function times(v)
    local result = {}
    for row = 0, #v - 1 do
        local sum_of_row = 0.0
        for column = 0, #v - 1 do
            sum_of_row = sum_of_row + element(row, column) * v[column + 1]
        end
        result[#result + 1] = sum_of_row
    end
    return result
end

local function times_transposed(v)
    local result = {}
    for row = 0, #v - 1 do
        local sum_of_row = 0.0
        for column = 0, #v - 1 do
            sum_of_row = sum_of_row + element(column, row) * v[column + 1]
        end
        result[#result + 1] = sum_of_row
    end
    return result
end

local function spectral_norm(n)
    local u = {}
    for i = 1, n do
        u[i] = 1.0
    end
    local v = {}
    for step = 1, 10 do
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    end
    local uv, vv = 0.0, 0.0
    for i = 1, n do
        uv = uv + u[i] * v[i]
        vv = vv + v[i] * v[i]
    end
    return math.sqrt(uv / vv)
end

print(string.format("%d", math.floor(spectral_norm(tonumber(arg[1] or 350)) * 1000000000.0)))
