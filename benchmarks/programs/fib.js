// Recursive calls and small-integer arithmetic.
function fib(n) {
    if (n < 2) {
        return n;
    }
    return fib(n - 1) + fib(n - 2);
}

console.log(String(fib(Number(process.argv[2] ?? 34))));
