-- Making and walking many binary trees: tables that hold tables.
local function grown(depth)
    if depth == 0 then
        return {left = nil, right = nil}
    end
    return {left = grown(depth - 1), right = grown(depth - 1)}
end

local function count(node)
    if node.left == nil then
        return 1
    end
    return 1 + count(node.left) + count(node.right)
end

local function grow_many(deepest)
    local kept = grown(deepest)
    for depth = 4, deepest do
        local trees = 1
        for doubling = 1, deepest - depth do
            trees = trees * 2
        end
        local nodes = 0
        for number = 1, trees do
            nodes = nodes + count(grown(depth))
        end
        print(string.format("%d trees of depth %d: %d nodes", trees, depth, nodes))
    end
    print(string.format("kept: %d nodes", count(kept)))
end

grow_many(tonumber(arg[1] or 15))
