// The same tracker for `import`. A page that has both has one: the script makes `clickmart` once.
import "./clickmart.js";

export default globalThis.clickmart;

export const {
  init,
  identify,
  reset,
  optIn,
  optOut,
  flush,
  trackCustom,
  trackPageView,
  trackClick,
  trackHomeView,
  trackCategoryView,
  trackProductView,
  trackAddToCart,
  trackRemoveFromCart,
  trackWishlistToggle,
  trackShareClick,
  trackLoginOpen,
  trackLoginSuccess,
  trackLogout,
  trackCheckoutStart,
  trackCheckoutComplete,
  trackExperiment,
} = globalThis.clickmart;
