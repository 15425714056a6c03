// How the page puts things: names of kinds, numbers, dates, and letters made comparable.

export const KIND_NAMES = {
  place: "Places",
  region: "Regions",
  directional: "Parts of countries",
  border: "Borders",
  facility: "Facilities",
  metonym: "Metonyms",
  demonym: "Demonyms",
  "organisation-embedded": "In other names",
};

export const PRECISION_NAMES = {
  point: "A spot",
  town: "A town",
  district: "A district",
  province: "A province",
  country: "A country",
  region: "A region",
  line: "A line",
};

/** How sure the resolver is at least, in hundredths, and how that is put. */
export const CERTAINTIES = [[0, "Any certainty"], [60, "Likely or better"], [90, "Quite certain"]];

/** @param {number} count @param {string} one @param {string} [many] */
export function plural(count, one, many = one + "s") {
  return count.toLocaleString("en") + " " + (count === 1 ? one : many);
}

// Letters that differ by language only, as the gazetteer folds them too.
const LETTERS = { "ي": "ی", "ى": "ی", "ې": "ی", "ئ": "ی", "ك": "ک", "ګ": "گ", "ة": "ه", "ۀ": "ه", "ہ": "ه", "أ": "ا", "إ": "ا", "آ": "ا",
  "ؤ": "و", "ډ": "د", "ټ": "ت", "ړ": "ر", "ښ": "ش", "ڼ": "ن", "ё": "е", "қ": "к", "ҳ": "х", "ҷ": "ч", "ғ": "г", "ў": "у", "ұ": "у",
  "ө": "о", "ү": "у", "ң": "н", "ә": "а", "і": "и", "ї": "и", "ӣ": "и", "ӯ": "у", "є": "е", "ı": "i", "ø": "o", "ł": "l", "đ": "d" };
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
const PLAIN = /^[\0-\x7f\xa0‘’“”–—…]*$/;
const APOSTROPHE = /[‘’ʻʼʿʾ`´]/g;

/**
 * Lower case without accents, so that "Kunduz" finds "Qunduz̧" written with marks.
 * Plain text, which most is, keeps its length.
 * @param {string} text
 */
export function fold(text) {
  const lower = text.toLowerCase();
  const quotes = lower.replace(APOSTROPHE, "'");
  if (PLAIN.test(quotes)) return quotes;
  return quotes.replace(LETTER, (letter) => LETTERS[letter]).normalize("NFKD").replace(/\p{M}/gu, "");
}

/**
 * A link is followed only when it goes to the web.
 * @param {string} text
 * @returns {string | null}
 */
export function webAddress(text) {
  try {
    const address = new URL(text);
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

const countries = new Map();
let regions;

/** Calls a country by the gazetteer's name. @param {string} code @param {string} name */
export function nameCountry(code, name) {
  countries.set(code, name);
}

/** The English name of a country by its code. @param {string} code */
export function countryName(code) {
  if (!countries.has(code)) {
    regions ??= new Intl.DisplayNames(["en"], { type: "region" });
    try {
      countries.set(code, regions.of(code) || code);
    } catch {
      countries.set(code, code);  // no code that anyone knows: it stands as it is
    }
  }
  return countries.get(code);
}

/**
 * What a place is, in a word or two.
 * @param {{ code: string, form: string, country: string }} place
 */
export function whatItIs({ code, form, country }) {
  const word = code === "PPLC" ? "Capital"
    : code.startsWith("PPL") ? "Town"
    : code.startsWith("PCL") || form === "country" ? "Country"
    : code === "ADM1" ? "Province"
    : code.startsWith("ADM") ? "District"
    : code === "BDR" ? "Border"
    : code === "DIR" ? "Part of a country"
    : code === "STM" ? "River"
    : form === "region" ? "Region"
    : "Site";
  if (form === "country" || !country) return word;
  return word + (code === "PPLC" ? " of " : ", ") + countryName(country);
}
