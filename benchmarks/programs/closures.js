// Calling closures: one that keeps a count, one that reads a captured value, one through a higher-order function.
function makeCounter() {
    let count = 0;
    return function () {
        count = count + 1;
        return count;
    };
}

function makeAdder(amount) {
    return function (x) {
        return x + amount;
    };
}

function apply(f, x) {
    return f(x);
}

function run(n) {
    const tick = makeCounter();
    const addThree = makeAdder(3);
    let total = 0;
    let i = 0;
    while (i < n) {
        total = (total + apply(addThree, i) + addThree(tick())) % 1000003;
        i = i + 1;
    }
    return total;
}

console.log(String(run(Number(process.argv[2] ?? 5000000))));
