"""A browser tab in the shop: what happens in it, page by page and click by click."""

from dataclasses import dataclass
from random import Random

from local_stack.traffic.catalogue import CATEGORIES, SHELF_OF, WHOLE_SHOP, Category, Json, Product
from local_stack.traffic.chance import draw_uuid
from local_stack.traffic.rhythm import SECOND

SHOP = "https://shop.example"
SEARCHES = ("monitor", "gaming laptop", "ssd 1tb", "quiet keyboard", "wlan router", "büro maus", "gpu")
INFO_PAGES = ("/about", "/delivery", "/contact", "/guides/which-monitor", "/guides/build-a-quiet-pc")


@dataclass(slots=True)
class Hit:
    """Something that happened in the browser, at its true time. The tracker makes an event of it."""

    at_ms: int
    session_id: str
    name: str
    page_url: str
    referrer: str
    user_id: str | None
    login_state: str
    is_first_visit: bool
    fields: Json


@dataclass(slots=True)
class Login:
    """Shared by the tabs of one browser."""

    user_id: str | None = None
    state: str = "anonymous"


class Tab:
    def __init__(
        self, rng: Random, *, now_ms: int, login: Login, is_first_visit: bool, came_from: str = ""
    ) -> None:
        self.rng = rng
        self.now_ms = now_ms
        self.login = login
        self.is_first_visit = is_first_visit
        self.session_id = f"s-{draw_uuid(rng)}"
        self.url = came_from
        self.referrer = ""
        self.product = WHOLE_SHOP.pick(rng)
        self.hits: list[Hit] = []

    def wait(self, least: float, most: float) -> None:
        """Seconds; short waits are more common than long ones."""
        share = self.rng.random() ** 3
        self.now_ms += round((least + (most - least) * share) * SECOND)

    def record(self, name: str, **fields: object) -> None:
        hit = Hit(
            at_ms=self.now_ms,
            session_id=self.session_id,
            name=name,
            page_url=self.url,
            referrer=self.referrer,
            user_id=self.login.user_id,
            login_state=self.login.state,
            is_first_visit=self.is_first_visit,
            fields=fields,
        )
        self.hits.append(hit)
        self.wait(0.005, 0.06)

    def click(self, text: str, *, tag: str = "a", role: str = "link") -> None:
        self.record("click", element={"tag": tag, "role": role, "text": text, "dataset": {}})
        self.wait(0.15, 0.9)

    def open_page(self, path: str, name: str = "page_view", **fields: object) -> None:
        """One event per page: home, categories and products have names of their own."""
        self.referrer = self.url
        self.url = f"{SHOP}{path}"
        self.record(name, **fields)

    def open_home(self, query: str = "") -> None:
        self.open_page(f"/{query}", "home_view")

    def open_category(self, category: Category, query: str = "") -> None:
        self.open_page(f"{category.path}{query}", "category_view", product=category.payload())
        self.product = SHELF_OF[category.id].pick(self.rng)

    def open_product(self, product: Product, query: str = "") -> None:
        self.product = product
        name = "view_product" if self.rng.random() < 0.02 else "product_view"
        self.open_page(f"{product.path}{query}", name, product=product.payload())

    def land(self, query: str) -> None:
        """By the link that brought the visitor here."""
        query = f"?{query}" if query else ""
        draw = self.rng.random()
        if draw < 0.35:
            self.open_home(query)
        elif draw < 0.55:
            self.open_category(self.rng.choice(CATEGORIES), query)
        elif draw < 0.93:
            self.open_product(WHOLE_SHOP.pick(self.rng), query)
        else:
            self.open_page(f"{self.rng.choice(INFO_PAGES)}{query}")

    def stroll(self) -> None:
        """Goes on to one more page, somewhere."""
        draw = self.rng.random()
        if draw < 0.55:
            self.go_to_product()
        elif draw < 0.8:
            category = self.rng.choice(CATEGORIES)
            self.click(category.name)
            self.open_category(category)
        elif draw < 0.9:
            words = self.rng.choice(SEARCHES)
            self.click("Search", tag="button", role="button")
            self.open_page(f"/search?q={words.replace(' ', '+')}")
        elif draw < 0.95:
            self.click("Home")
            self.open_home()
        else:
            self.click("Help")
            self.open_page(self.rng.choice(INFO_PAGES))

    def go_to_product(self) -> None:
        product = SHELF_OF[self.product.category.id].pick(self.rng)
        self.click(product.name)
        self.open_product(product)
        self.linger()

    def linger(self) -> None:
        """What people do on a product's page besides reading it."""
        for what in ("Next picture", "Next picture", "Specifications", "Reviews"):
            if self.rng.random() < 0.4:
                self.wait(0.3, 2)
                self.click(what, tag="button", role="tab")
        if self.rng.random() < 0.06:
            self.record(
                "wishlist_toggle",
                product=self.product.payload(),
                element={
                    "tag": "button",
                    "role": "button",
                    "text": "Wishlist",
                    "dataset": {"active": "true"},
                },
            )
        if self.rng.random() < 0.025:
            self.record(
                "share_click",
                product=self.product.payload(),
                element={"tag": "button", "text": "Share", "dataset": {"network": "mail"}},
            )
