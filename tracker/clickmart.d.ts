/** Where events go and what is tracked without being asked. As attributes of the script: `data-endpoint`, `data-page-views`, … */
export interface Settings {
  /** Address of `POST /clickstream`. */
  endpoint: string;
  /** A `page_view` when a page loads and when its address changes; "on" if not given. */
  pageViews?: "on" | "off";
  /** A `click` for every click; "on" if not given. */
  clicks?: "on" | "off";
  /** "ask": nothing is stored or sent before `optIn()`. */
  consent?: "ask";
  /** "respect": Do Not Track and Global Privacy Control count as opted out until `optIn()`. */
  signals?: "respect";
}

export type LoginState = "logged_in" | "anonymous" | "guest";

/** Whose event it is, where that differs from what `identify` said. */
export interface User {
  userId?: string | null;
  userLoginState?: LoginState;
}

/** A product in the shop's own shape: the first of the names given for a field counts. */
export interface Product {
  id?: string | number;
  _id?: string;
  name?: string;
  category?: string;
  variant?: string;
  brandName?: string;
  brand?: string | { name?: string; title?: string };
  price?: number | string;
  discountPrice?: number | string | null;
  urlPath?: string;
  slug?: string | { current?: string };
  quantity?: number;
}

export interface Totals {
  cartId?: string;
  total?: number | string;
  itemCount?: number;
}

export interface Order extends Totals {
  orderId?: string;
  orderNumber?: string;
  items?: Product[];
}

/** What the window event `clickmart` tells in its `detail`. "handed": to the browser, as the page was left. */
export interface Progress {
  state: "queued" | "sent" | "handed" | "refused" | "dropped";
  /** Each as the JSON that is sent. */
  events: string[];
}

export function init(settings: Settings): void;
export function identify(userId: string | null | undefined, userLoginState?: LoginState): void;
export function reset(): void;
export function optIn(): void;
export function optOut(): void;
export function flush(): void;

export function trackCustom(eventName: string, payload?: object, user?: User): void;
export function trackPageView(user?: User): void;
export function trackClick(click: Event | ({ event?: Event } & User)): void;
export function trackHomeView(user?: User): void;
export function trackCategoryView(category?: { categoryId?: string; categoryName?: string }, user?: User): void;
export function trackProductView(product?: Product, user?: User): void;
export function trackAddToCart(product?: Product, user?: User): void;
export function trackRemoveFromCart(product?: Product, user?: User): void;
export function trackWishlistToggle(product?: Product, isOn?: boolean, user?: User): void;
export function trackShareClick(product?: Product, channel?: string, user?: User): void;
export function trackLoginOpen(user?: User): void;
export function trackLoginSuccess(user?: User): void;
export function trackLogout(user?: User): void;
export function trackCheckoutStart(totals?: Totals, user?: User): void;
export function trackCheckoutComplete(order?: Order, user?: User): void;
export function trackExperiment(experiment: string, variant: string, user?: User): void;

declare const clickmart: Omit<typeof import("./clickmart"), "default">;
export default clickmart;

declare global {
  interface Window {
    clickmart: typeof clickmart;
  }
  interface WindowEventMap {
    clickmart: CustomEvent<Progress>;
  }
}
