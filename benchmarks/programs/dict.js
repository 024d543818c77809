// Dictionaries: counting a thousand words over and over, then filling and reading one with scattered integer keys.
function countWords(n) {
    const words = [];
    const counts = new Map();
    let i = 0;
    while (i < 1000) {
        const word = `word${i}`;
        words.push(word);
        counts.set(word, 0);
        i = i + 1;
    }
    i = 0;
    while (i < n) {
        const word = words[(i * 7) % 1000];
        counts.set(word, counts.get(word) + (i % 3));
        i = i + 1;
    }
    let checksum = 0;
    i = 0;
    while (i < 1000) {
        checksum = (checksum * 31 + counts.get(words[i])) % 1000003;
        i = i + 1;
    }
    return checksum;
}

function scatteredKeys(n) {
    const table = new Map();
    let i = 0;
    while (i < n) {
        table.set((i * 7919) % 1000003, i);
        i = i + 1;
    }
    let checksum = 0;
    i = 0;
    while (i < n) {
        checksum = (checksum + table.get((i * 7919) % 1000003) * 3) % 1000003;
        i = i + 1;
    }
    return checksum + table.size;
}

const n = Number(process.argv[2] ?? 1500000);
console.log(String(countWords(n)));
console.log(String(scatteredKeys(n)));
