"""What the shop sells."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    name: str
    path: str

    def payload(self) -> Json:
        """The tracker sends a category in the place of a product."""
        return {"id": self.id, "name": self.name, "urlPath": self.path}


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    name: str
    category: Category
    brand: str
    price_cents: int
    discount_cents: int | None
    path: str

    @property
    def cents(self) -> int:
        return self.price_cents if self.discount_cents is None else self.discount_cents

    def payload(self, quantity: int | None = None) -> Json:
        payload: Json = {
            "id": self.id,
            "name": self.name,
            "category": self.category.name,
            "brand": self.brand,
            "price": self.price_cents / 100,
            "urlPath": self.path,
        }
        if self.discount_cents is not None:
            payload["discountPrice"] = self.discount_cents / 100
        if quantity is not None:
            payload["quantity"] = quantity
        return payload


# brand | name | price | price while reduced
SHELVES = {
    "Laptops": """
        Nordwall | Nordwall Swift 14 | 899.00 |
        Nordwall | Nordwall Swift 16 Pro | 1499.00 | 1349.00
        Kestrel | Kestrel Air 13 | 1199.00 |
        Kestrel | Kestrel Studio 15 | 1899.00 | 1699.00
        Ostara | Ostara Note 15 | 549.00 | 499.00
        Ostara | Ostara Note 17 | 649.00 |
        Brightpeak | Brightpeak Gamer 16 | 1749.00 |
        Brightpeak | Brightpeak Gamer 17 "Night" | 2299.00 | 2099.00""",
    "Desktops": """
        Ferrowind | Ferrowind Mini PC | 429.00 |
        Ferrowind | Ferrowind Tower 5 | 799.00 | 749.00
        Ferrowind | Ferrowind Tower 7 | 1199.00 |
        Brightpeak | Brightpeak Arena X | 1999.00 | 1849.00
        Nordwall | Nordwall Office One | 629.00 |
        Kestrel | Kestrel Workstation Z | 3299.00 |
        Ostara | Ostara Home Cube | 389.00 | 349.00""",
    "Monitors": """
        Lumenar | Lumenar 24" Full HD | 129.00 | 109.00
        Lumenar | Lumenar 27" QHD | 249.00 | 219.00
        Lumenar | Lumenar 32" 4K | 479.00 |
        Lumenar | Lumenar 34" Curved Ultrawide | 599.00 | 549.00
        Ostara | Ostara View 22 | 99.00 |
        Ostara | Ostara View 27 | 179.00 |
        Kestrel | Kestrel Color 27 Pro | 899.00 |
        Brightpeak | Brightpeak 27" 240 Hz | 429.00 | 389.00""",
    "Keyboards": """
        Quillon | Quillon Basic | 19.90 |
        Quillon | Quillon Silent Wireless | 49.90 | 44.90
        Quillon | Quillon Mechanical TKL | 89.90 |
        Quillon | Quillon Mechanical Full Size | 99.90 | 89.90
        Brightpeak | Brightpeak Strike RGB | 129.00 |
        Nordwall | Nordwall Travel Keyboard | 39.90 |
        Kestrel | Kestrel Ergo Split | 179.00 | 159.00""",
    "Mice": """
        Quillon | Quillon Point | 14.90 |
        Quillon | Quillon Point Wireless | 24.90 | 19.90
        Quillon | Quillon Vertical | 44.90 |
        Brightpeak | Brightpeak Dart | 59.90 | 49.90
        Brightpeak | Brightpeak Dart Ultralight | 89.90 |
        Kestrel | Kestrel Trackball | 69.90 |
        Nordwall | Nordwall Travel Mouse | 29.90 |""",
    "Storage": """
        Basaltic | Basaltic SSD 500 GB | 44.90 |
        Basaltic | Basaltic SSD 1 TB | 74.90 | 69.90
        Basaltic | Basaltic SSD 2 TB | 139.00 | 119.00
        Basaltic | Basaltic NVMe 4 TB | 299.00 |
        Basaltic | Basaltic Disk 8 TB | 189.00 |
        Ferrowind | Ferrowind Portable 1 TB | 89.90 | 79.90
        Ferrowind | Ferrowind Stick 128 GB | 12.90 |
        Ferrowind | Ferrowind NAS 2 Bay | 249.00 |""",
    "Graphics Cards": """
        Brightpeak | Brightpeak G5 8 GB | 299.00 |
        Brightpeak | Brightpeak G6 12 GB | 429.00 | 399.00
        Brightpeak | Brightpeak G7 16 GB | 649.00 |
        Brightpeak | Brightpeak G8 Ultra | 1199.00 |
        Lumenar | Lumenar Render 10 | 549.00 | 499.00
        Lumenar | Lumenar Render 20 Pro | 1599.00 |
        Ostara | Ostara Silent G3 | 149.00 |""",
    "Networking": """
        Tidelink | Tidelink Router AX | 79.90 | 69.90
        Tidelink | Tidelink Router BE Pro | 199.00 |
        Tidelink | Tidelink Mesh, 3 pieces | 249.00 | 229.00
        Tidelink | Tidelink Switch 8 Port | 29.90 |
        Tidelink | Tidelink Switch 16 Port | 79.90 |
        Tidelink | Tidelink USB Adapter | 17.90 |
        Ferrowind | Ferrowind Cable Cat 7, 5 m | 9.90 |
        Ferrowind | Ferrowind People's Hotspot | 119.00 | 99.00""",
}


def _slug(name: str) -> str:
    kept = "".join(character if character.isalnum() else " " for character in name.lower())
    return "-".join(kept.split())


def _cents(price: str) -> int:
    return int(price.replace(".", ""))


def _stock_shelves() -> list[Product]:
    products: list[Product] = []
    for name, shelf in SHELVES.items():
        category = Category(id=f"cat-{_slug(name)}", name=name, path=f"/c/{_slug(name)}")
        for line in shelf.strip().splitlines():
            brand, title, price, reduced = (cell.strip() for cell in line.split("|"))
            product = Product(
                id=f"sku-{1001 + len(products)}",
                name=title,
                category=category,
                brand=brand,
                price_cents=_cents(price),
                discount_cents=_cents(reduced) if reduced else None,
                path=f"/p/{_slug(title)}",
            )
            products.append(product)
    return products


PRODUCTS = _stock_shelves()
CATEGORIES = list(dict.fromkeys(product.category for product in PRODUCTS))

# A few things are looked at all the time, most hardly ever (Zipf). Which ones is chance, but always the same.
_by_popularity = Random("popularity").sample(PRODUCTS, len(PRODUCTS))
POPULARITY = {product.id: 1 / rank**0.9 for rank, product in enumerate(_by_popularity, start=1)}


class Shelf:
    """Products to choose from, the popular ones more often."""

    def __init__(self, products: list[Product]) -> None:
        self.products = products
        self._cumulative = list(accumulate(POPULARITY[product.id] for product in products))

    def pick(self, rng: Random) -> Product:
        return self.products[bisect(self._cumulative, rng.random() * self._cumulative[-1])]


WHOLE_SHOP = Shelf(PRODUCTS)
SHELF_OF = {
    category.id: Shelf([product for product in PRODUCTS if product.category == category])
    for category in CATEGORIES
}
