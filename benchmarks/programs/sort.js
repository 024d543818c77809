// Quicksort with an explicit stack, in place on an array.
function makeNumbers(n) {
    const numbers = [];
    let seed = 42;
    let i = 0;
    while (i < n) {
        seed = (seed * 16807) % 2147483647;
        numbers.push(seed % 1000000);
        i = i + 1;
    }
    return numbers;
}

function quicksort(a) {
    const lows = [0];
    const highs = [a.length - 1];
    let depth = 1;
    while (depth > 0) {
        depth = depth - 1;
        let low = lows[depth];
        let high = highs[depth];
        while (low < high) {
            const pivot = a[Math.floor((low + high) / 2)];
            let i = low;
            let j = high;
            while (i <= j) {
                while (a[i] < pivot) {
                    i = i + 1;
                }
                while (pivot < a[j]) {
                    j = j - 1;
                }
                if (i <= j) {
                    const held = a[i];
                    a[i] = a[j];
                    a[j] = held;
                    i = i + 1;
                    j = j - 1;
                }
            }
            if (depth === lows.length) {
                lows.push(i);
                highs.push(high);
            } else {
                lows[depth] = i;
                highs[depth] = high;
            }
            depth = depth + 1;
            high = j;
        }
    }
    return a;
}

function checksum(a) {
    let result = 0;
    let i = 0;
    while (i < a.length) {
        result = (result * 31 + a[i]) % 1000003;
        i = i + 1;
    }
    return result;
}

console.log(String(checksum(quicksort(makeNumbers(Number(process.argv[2] ?? 700000))))));
