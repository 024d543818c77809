// A loop that does nothing but count and add, in rounds: the sum of one round is exact in a float too, for peers that count in floats.
function sumBelow(n) {
    let total = 0;
    let i = 0;
    while (i < n) {
        total = total + i;
        i = i + 1;
    }
    return total;
}

function sumInRounds(n) {
    let check = 0;
    let left = n;
    while (left > 0) {
        let size = left;
        if (size > 100000000) {
            size = 100000000;
        }
        check = (check + sumBelow(size)) % 1000003;
        left = left - size;
    }
    return check;
}

console.log(String(sumInRounds(Number(process.argv[2] ?? 50000000))));
