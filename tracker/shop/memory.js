// What the shop remembers of a visitor. Where a browser stores nothing, the shop forgets from page to page, but works.

function memoryIn(storage) {
  const here = new Map();
  return {
    get(key, otherwise) {
      try {
        return JSON.parse(storage().getItem(`shop.${key}`)) ?? otherwise;
      } catch {
        return here.get(key) ?? otherwise;
      }
    },
    set(key, value) {
      here.set(key, value);
      try {
        storage().setItem(`shop.${key}`, JSON.stringify(value));
      } catch {
        // then it is remembered here only
      }
    },
  };
}

export const memory = memoryIn(() => localStorage);
export const ofThisTab = memoryIn(() => sessionStorage);
