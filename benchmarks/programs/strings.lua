-- Building text: lines made of numbers and words, what is picked out of each character by character, all joined.
-- What grows without bound is gathered in a table and joined at the end, as one does in Lua.
local function line_of(number, words)
    local price = number * 37 % 1000 + 0.5
    return number .. ": " .. words[number % #words + 1] .. " at " .. price .. " (" .. number % 7 .. " left)"
end

local function picked(line)
    local digits = ""
    local others = 0
    for i = 1, #line do
        local character = line:sub(i, i)
        if character >= "0" and character <= "9" then
            digits = digits .. character
        else
            others = others + 1
        end
    end
    return digits .. "/" .. others
end

local function build(count)
    local words = {"apple", "pear", "plum", "quince", "fig"}
    local lines = {}
    local index = {}
    for number = 0, count - 1 do
        local line = line_of(number, words)
        lines[#lines + 1] = line
        index[#index + 1] = picked(line) .. "\n"
    end
    local text = table.concat(lines, "\n")
    print(#text .. " " .. #table.concat(index))
    print(lines[count])
    print(picked(lines[(count - count % 2) / 2 + 1]))
end

build(tonumber(arg[1] or 80000))
