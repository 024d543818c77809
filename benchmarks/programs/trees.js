// Making and walking many binary trees: objects that hold objects.
function grown(depth) {
    if (depth === 0) {
        return { left: null, right: null };
    }
    return { left: grown(depth - 1), right: grown(depth - 1) };
}

function count(node) {
    if (node.left === null) {
        return 1;
    }
    return 1 + count(node.left) + count(node.right);
}

function growMany(deepest) {
    const kept = grown(deepest);
    for (let depth = 4; depth <= deepest; depth++) {
        let trees = 1;
        for (let doubling = 0; doubling < deepest - depth; doubling++) {
            trees = trees * 2;
        }
        let nodes = 0;
        for (let number = 0; number < trees; number++) {
            nodes = nodes + count(grown(depth));
        }
        console.log(`${trees} trees of depth ${depth}: ${nodes} nodes`);
    }
    console.log(`kept: ${count(kept)} nodes`);
}

growMany(Number(process.argv[2] ?? 15));
