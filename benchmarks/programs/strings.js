// Building text: lines made of numbers and words, what is picked out of each character by character, all joined.
function lineOf(number, words) {
    const price = ((number * 37) % 1000) + 0.5;
    return `${number}: ${words[number % words.length]} at ${price} (${number % 7} left)`;
}

function picked(line) {
    let digits = "";
    let others = 0;
    for (const character of line) {
        if (character >= "0" && character <= "9") {
            digits += character;
        } else {
            others += 1;
        }
    }
    return `${digits}/${others}`;
}

function build(count) {
    const words = ["apple", "pear", "plum", "quince", "fig"];
    const lines = [];
    let index = "";
    for (let number = 0; number < count; number++) {
        const line = lineOf(number, words);
        lines.push(line);
        index += picked(line) + "\n";
    }
    const text = lines.join("\n");
    console.log(`${text.length} ${index.length}`);
    console.log(lines[count - 1]);
    console.log(picked(lines[Math.floor(count / 2)]));
}

build(Number(process.argv[2] ?? 80000));
