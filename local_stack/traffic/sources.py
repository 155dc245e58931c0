"""Where visits come from: referrers, campaigns and click ids."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Source:
    new_weight: float
    returning_weight: float
    referrer: str = ""
    utm: str = ""
    click_id: str = ""

    def query(self, rng: Random) -> str:
        names = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
        values = zip(names, self.utm.split("/"), strict=False)
        parameters = {name: value for name, value in values if value}
        if self.click_id:
            parameters[self.click_id] = f"{rng.getrandbits(160):x}"
        return urlencode(parameters)


GOOGLE = "https://www.google.com/"
BING = "https://www.bing.com/"
FACEBOOK = "https://l.facebook.com/"

# utm: source/medium/campaign/term/content
SOURCES = [
    Source(18, 42),  # typed in, or a bookmark
    Source(23, 14, GOOGLE),
    Source(3, 2, BING),
    Source(2, 1.5, "https://duckduckgo.com/"),
    Source(0.8, 0.5, "https://www.ecosia.org/"),
    Source(6, 2.5, GOOGLE, "google/cpc/brand/clickmart", "gclid"),
    Source(5, 2, GOOGLE, "google/cpc/laptops/cheap laptop/ad-a", "gclid"),
    Source(4, 2, GOOGLE, "google/cpc/shopping-all", "gclid"),
    Source(1, 0.5, GOOGLE, "", "gclid"),
    Source(1.2, 0.5, BING, "bing/cpc/monitors", "msclkid"),
    Source(0.6, 0.3, BING, "", "msclkid"),
    Source(3, 1, FACEBOOK, "facebook/paid_social/autumn/video-1", "fbclid"),
    Source(2.5, 1.5, FACEBOOK, "", "fbclid"),
    Source(1.5, 1, "https://www.instagram.com/", "instagram/social/bio"),
    Source(2, 1, "https://www.reddit.com/"),
    Source(0.8, 0.5, "https://t.co/"),
    Source(2, 0.7, "https://www.youtube.com/"),
    Source(0.6, 0.2, "https://www.youtube.com/", "youtube/cpv/reviews"),
    Source(1.6, 0.8, "https://chatgpt.com/", "chatgpt.com"),
    Source(0.7, 0.3, "https://www.perplexity.ai/"),
    Source(0.4, 0.2, "https://gemini.google.com/"),
    Source(0.4, 0.2, "https://copilot.microsoft.com/"),
    Source(1, 9, "", "newsletter/email/weekly"),
    Source(0.3, 2, "https://mail.google.com/", "newsletter/email/abandoned-cart"),
    Source(2.5, 1, "https://www.bargains.example/", "bargains/affiliate/partner-17"),
    Source(1.5, 0.8, "https://news.example/", "adnet/cpm/autumn//banner-wide"),
    Source(0.5, 0.3, "", "adnet/display/autumn"),
    Source(0.2, 0.8, "", "shop/sms/flash-sale"),
    Source(0.2, 1, "", "shop/push/price-drop"),
    Source(2, 1.5, "https://forum.hardware.example/"),
    Source(1.2, 0.8, "https://blog.builders.example/best-monitors"),
    Source(0.5, 0.2, "", "flyer/qr-code/store-window"),
]
SPIKE = Source(0, 0, "https://www.reddit.com/", "reddit/social/one-hour-deal")

_new = list(accumulate(source.new_weight for source in SOURCES))
_returning = list(accumulate(source.returning_weight for source in SOURCES))


def pick_source(rng: Random, *, returning: bool) -> Source:
    return rng.choices(SOURCES, cum_weights=_returning if returning else _new)[0]
