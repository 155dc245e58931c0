// What the shop remembers of a visitor. A browser that stores nothing has a shop that forgets, but works.

function keep(storage, key, value) {
  try {
    storage().setItem(key, JSON.stringify(value));
  } catch {
    // there is no storage
  }
}

function recall(storage, key, otherwise) {
  try {
    return JSON.parse(storage().getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

const lasting = () => localStorage;
const passing = () => sessionStorage;

export const memory = {
  get: (key, otherwise) => recall(lasting, `shop.${key}`, otherwise),
  set: (key, value) => keep(lasting, `shop.${key}`, value),
};
export const ofThisTab = {
  get: (key, otherwise) => recall(passing, `shop.${key}`, otherwise),
  set: (key, value) => keep(passing, `shop.${key}`, value),
};
