// A shop's server with Segment's library: node server.cjs <endpoint> <write key>. Says where it sent them and what went wrong.
const { Analytics } = require('@segment/analytics-node')

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, flushAt: 50, maxRetries: 0 })
const failures = new Set()
analytics.on('http_request', ({ url }) => console.log(new URL(url).pathname))
analytics.on('error', ({ reason }) => failures.add(reason.message))

const visitor = {
  anonymousId: 'device-1',
  context: {
    ip: '198.51.100.7',
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    page: { url: 'https://shop.example/', referrer: 'https://www.google.com/' },
    campaign: { source: 'newsletter', medium: 'email', name: 'spring' },
  },
}
const notebook = { product_id: 'p-1', sku: 'N14', name: 'Notebook 14', brand: 'Lenorm', category: 'Laptops', price: 1299.95 }
const mouse = { product_id: 'p-2', name: 'Mouse', category: 'Accessories', price: 24.5 }

analytics.page({ ...visitor, name: 'Home' })
analytics.track({ ...visitor, event: 'Product List Viewed', properties: { list_id: 'laptops', products: [notebook, mouse] } })
analytics.track({ ...visitor, event: 'Product Viewed', properties: { ...notebook, url: 'https://shop.example/p/1' } })
analytics.track({ ...visitor, event: 'Product Added', properties: { ...notebook, cart_id: 'cart-1', quantity: 1 } })
analytics.track({ ...visitor, event: 'Checkout Started', properties: { products: [notebook, mouse], value: 1348.95 } })
analytics.identify({ ...visitor, userId: 'user-1', traits: { email: 'person@example.com' } })
analytics.track({
  ...visitor,
  userId: 'user-1',
  event: 'Order Completed',
  properties: {
    order_id: 'order-1',
    total: 1348.95,
    products: [{ ...notebook, quantity: 1 }, { ...mouse, quantity: 2 }],
  },
})
analytics.track({ ...visitor, userId: 'user-1', event: 'Gift Wrap Chosen', properties: { colour: 'red' } })
analytics.closeAndFlush().then(() => failures.forEach((failure) => console.log(failure)))
