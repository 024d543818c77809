// Building a large array of bools, then reading and writing it in loops.
function countPrimes(limit) {
    const flags = [];
    let i = 0;
    while (i <= limit) {
        flags.push(true);
        i = i + 1;
    }
    let count = 0;
    let p = 2;
    while (p <= limit) {
        if (flags[p]) {
            count = count + 1;
            let multiple = p * p;
            while (multiple <= limit) {
                flags[multiple] = false;
                multiple = multiple + p;
            }
        }
        p = p + 1;
    }
    return count;
}

console.log(String(countPrimes(Number(process.argv[2] ?? 5000000))));
