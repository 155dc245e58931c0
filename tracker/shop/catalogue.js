// What the shop sells, in the shape that the tracker's helpers take.

export const categories = [
  { id: "cups", name: "Cups and tea" },
  { id: "table", name: "At the table" },
  { id: "home", name: "Around it" },
];

const shelf = [
  ["mug", "Morning mug", "cups", "Halden", 24, null, "clay", "Holds as much coffee as a morning needs. Thrown in stoneware, glazed by hand, and never twice the same."],
  ["teapot", "Rainy day teapot", "cups", "Halden", 68, 58, "sky", "A litre of tea, a spout that does not drip, and a lid that stays where it is when you pour."],
  ["cups", "Two small cups", "cups", "Tove", 29, null, "sand", "For espresso, or for eggs. They nest, so two take the room of one."],
  ["carafe", "Water carafe", "table", "Lindqvist", 39, null, "sage", "Mouth-blown glass with a cork of birch. Fits the door of a fridge."],
  ["bowl", "Everyday bowl", "table", "Halden", 32, null, "sky", "Wide enough for noodles, deep enough for soup, light enough to hold in one hand."],
  ["plate", "Supper plate", "table", "Tove", 28, null, "clay", "Twenty-six centimetres, with a rim that keeps the sauce. Stacks without a sound."],
  ["board", "Oak board", "table", "Lindqvist", 45, 36, "sand", "One piece of oak, oiled three times. Bread, cheese, or a hot pan."],
  ["vase", "Single stem vase", "home", "Tove", 34, null, "sage", "For the one branch that you brought home from a walk."],
  ["candle", "Beeswax candle", "home", "Lindqvist", 18, null, "clay", "Burns for thirty hours and smells of summer, faintly."],
];

export const products = shelf.map(([id, name, category, brand, price, discountPrice, tone, text]) => ({
  id: `halden-${id}`,
  name,
  category: categories.find((each) => each.id === category).name,
  categoryId: category,
  brand,
  price,
  discountPrice,
  urlPath: `/product?id=halden-${id}`,
  picture: id,
  tone,
  text,
}));

export const productOf = (id) => products.find((each) => each.id === id);
export const priceOf = ({ price, discountPrice }) => discountPrice ?? price;
export const money = (amount) => `€ ${amount.toFixed(2)}`;
