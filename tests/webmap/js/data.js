// A small atlas in the columns that Python writes, for tests.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Numbers as Python's encode_numbers() writes them. */
export function numbers(values) {
  return values.map((value) => {
    let rest = value < 0 ? ~(value * 2) : value * 2, text = "";
    for (; rest > 31; rest >>>= 5) text += DIGITS[(rest & 31) | 32];
    return text + DIGITS[rest];
  }).join("");
}

const SENTENCES = [
  ["a.txt", "Talks in Kabul", "Wire", "2021-08-15", ["Kabul fell quietly.", "Later Moscow spoke.", "The Afghan side waited for Kabul."]],
  ["b.txt", "Rain", "", "", ["In Qunduz̧ it rained.", "Nothing else."]],
  ["c.txt", "Snow", "Post", "2021-09-01", ["Moscow was white."]],
];
const PLACES = [["gn:kabul", "Kabul", "AF", "кабул کابل"], ["gn:moscow", "Moscow", "RU", "москва"], ["gn:kunduz", "Kunduz", "AF", ""], ["gn:af", "Afghanistan", "AF", ""]];
// article, sentence, phrase, place, kind, precision, score
const MENTIONS = [[0, 0, "Kabul", 0, 0, 0, 95], [0, 1, "Moscow", 1, 1, 0, 50], [0, 2, "Afghan", 3, 2, 1, 100], [0, 2, "Kabul", 0, 0, 0, 95], [1, 0, "Qunduz̧", 2, 0, 0, 70], [2, 0, "Moscow", 1, 0, 0, 80]];

export function smallData() {
  const texts = SENTENCES.map((row) => row[4].join(" "));
  const spots = MENTIONS.map(([article, sentence, phrase, ...rest]) => {
    const from = texts[article].indexOf(SENTENCES[article][4][sentence]);
    const start = texts[article].indexOf(phrase, from);
    return { article, start, length: phrase.length, from, to: from + SENTENCES[article][4][sentence].length, rest };
  });
  const before = (spot, nth) => (nth && spots[nth - 1].article === spot.article ? spots[nth - 1].start : 0);
  return {
    title: "Small", kinds: ["place", "metonym", "demonym"], precisions: ["town", "country"], forms: ["town", "country"], reasons: [], attribution: [], versions: [],
    articles: {
      id: SENTENCES.map((row) => row[0]), title: SENTENCES.map((row) => row[1]), text: texts, date: SENTENCES.map((row) => row[3]),
      url: {}, page: {}, sources: ["", "Wire", "Post"], source: numbers([1, 0, 2]),
    },
    places: {
      id: PLACES.map((row) => row[0]), name: PLACES.map((row) => row[1]), code: PLACES.map(() => "PPL"), form: numbers([0, 0, 0, 1]),
      at: numbers([691700, 345300, 376200, 557500, 688600, 367300, 660000, 335000]), country: PLACES.map((row) => row[2]), admin1: {}, countries: {},
      also: Object.fromEntries(PLACES.map((row, index) => [index, row[3]])), outline: {},
    },
    mentions: {
      per: numbers([4, 1, 1]), place: numbers(spots.map(({ rest }) => rest[0])), start: numbers(spots.map((spot, nth) => spot.start - before(spot, nth))),
      length: numbers(spots.map(({ length }) => length)), lead: numbers(spots.map(({ start, from }) => start - from)),
      trail: numbers(spots.map(({ start, length, to }) => to - start - length)), kind: numbers(spots.map(({ rest }) => rest[1])),
      precision: numbers(spots.map(({ rest }) => rest[2])), score: numbers(spots.map(({ rest }) => rest[3])),
    },
    nil: { per: numbers([0, 0, 0]), place: "", start: "", length: "", lead: "", trail: "", kind: "", precision: "", score: "" },
  };
}
