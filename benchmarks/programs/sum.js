// A loop that does nothing but count and add.
function sumBelow(n) {
    let total = 0;
    let i = 0;
    while (i < n) {
        total = total + i;
        i = i + 1;
    }
    return total;
}

console.log(String(sumBelow(Number(process.argv[2] ?? 50000000))));
