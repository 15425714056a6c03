// What Python packed, as text again.

/**
 * The text of a block of the page, whether it stands there plain or packed.
 * @param {string} id
 * @returns {Promise<string>}
 */
export async function blockText(id) {
  const block = document.getElementById(id);
  if (!block.dataset.packed) return block.textContent;
  const bytes = Uint8Array.from(atob(block.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
