"""The names of the states of the United States and of countries, as files write them."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["STATES", "country_code", "folded", "state_code"]

_STATES = (
    "AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, "
    "DE Delaware, DC District of Columbia, FL Florida, GA Georgia, HI Hawaii, ID Idaho, "
    "IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, "
    "MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, "
    "MT Montana, NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, "
    "NY New York, NC North Carolina, ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, "
    "PA Pennsylvania, RI Rhode Island, SC South Carolina, SD South Dakota, TN Tennessee, "
    "TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington, WV West Virginia, "
    "WI Wisconsin, WY Wyoming, PR Puerto Rico, GU Guam, VI Virgin Islands, AS American Samoa, "
    "MP Northern Mariana Islands, FM Micronesia, MH Marshall Islands, PW Palau"
)
STATES: dict[str, str] = {one[:2]: one[3:] for one in _STATES.split(", ")}
"""Two letters to the name of the state or territory."""

# Alpha-2 codes of ISO 3166, with the name in English and, after a slash, other names in files.
_COUNTRIES = (
    "AD Andorra, AE United Arab Emirates/UAE/Emirates, AF Afghanistan, AL Albania, AM Armenia, "
    "AO Angola, AR Argentina, AT Austria/Osterreich, AU Australia, AZ Azerbaijan, "
    "BA Bosnia and Herzegovina/Bosnia, BD Bangladesh, BE Belgium/Belgie/Belgique, "
    "BF Burkina Faso, BG Bulgaria, BH Bahrain, BI Burundi, BJ Benin, BN Brunei, BO Bolivia, "
    "BR Brazil/Brasil, BT Bhutan, BW Botswana, BY Belarus, BZ Belize, CA Canada, "
    "CD Democratic Republic of the Congo/DR Congo, CF Central African Republic, CG Congo, "
    "CH Switzerland/Schweiz/Suisse/Svizzera, CI Cote d Ivoire/Ivory Coast, CL Chile, "
    "CM Cameroon, CN China/PRC/People s Republic of China, CO Colombia, CR Costa Rica, CU Cuba, "
    "CV Cape Verde/Cabo Verde, CY Cyprus, CZ Czechia/Czech Republic/Cesko, "
    "DE Germany/Deutschland/GER/DEU/BRD, DJ Djibouti, DK Denmark/Danmark, "
    "DO Dominican Republic/Republica Dominicana, DZ Algeria, EC Ecuador, EE Estonia, EG Egypt, "
    "ER Eritrea, ES Spain/Espana/ESP, ET Ethiopia, FI Finland/Suomi, FJ Fiji, FR France/FRA, "
    "GA Gabon, GB United Kingdom/UK/Great Britain/GBR/England/Scotland/Wales/Northern Ireland, "
    "GE Georgia, GH Ghana, GM Gambia, GN Guinea, GQ Equatorial Guinea, GR Greece, GT Guatemala, "
    "GW Guinea Bissau, GY Guyana, HK Hong Kong, HN Honduras, HR Croatia/Hrvatska, HT Haiti, "
    "HU Hungary/Magyarorszag, ID Indonesia, IE Ireland/Eire/Republic of Ireland, IL Israel, "
    "IN India/Bharat, IQ Iraq, IR Iran, IS Iceland, IT Italy/Italia/ITA, JM Jamaica, JO Jordan, "
    "JP Japan, KE Kenya, KG Kyrgyzstan, KH Cambodia, KP North Korea, "
    "KR South Korea/Korea/Republic of Korea, KW Kuwait, KZ Kazakhstan, LA Laos, LB Lebanon, "
    "LI Liechtenstein, LK Sri Lanka, LR Liberia, LS Lesotho, LT Lithuania/Lietuva, "
    "LU Luxembourg, LV Latvia, LY Libya, MA Morocco/Maroc, MC Monaco, MD Moldova, "
    "ME Montenegro, MG Madagascar, MK North Macedonia/Macedonia, ML Mali, MM Myanmar/Burma, "
    "MN Mongolia, MO Macao, MR Mauritania, MT Malta, MU Mauritius, MV Maldives, MW Malawi, "
    "MX Mexico/MEX, MY Malaysia/MYS, MZ Mozambique, NA Namibia, NE Niger, NG Nigeria, "
    "NI Nicaragua, NL Netherlands/Nederland/The Netherlands/Holland, NO Norway/Norge, NP Nepal, "
    "NZ New Zealand, OM Oman, PA Panama, PE Peru, PG Papua New Guinea, PH Philippines, "
    "PK Pakistan, PL Poland/Polska, PS Palestine, PT Portugal, PY Paraguay, QA Qatar, "
    "RO Romania, RS Serbia, RU Russia/Russian Federation, RW Rwanda, SA Saudi Arabia/KSA, "
    "SB Solomon Islands, SC Seychelles, SD Sudan, SE Sweden/Sverige, SG Singapore, "
    "SI Slovenia/Slovenija, SK Slovakia/Slovensko, SL Sierra Leone, SN Senegal, SO Somalia, "
    "SR Suriname, SS South Sudan, SV El Salvador, SY Syria, SZ Eswatini/Swaziland, TD Chad, "
    "TG Togo, TH Thailand, TJ Tajikistan, TL Timor Leste, TM Turkmenistan, TN Tunisia, "
    "TR Turkey/Turkiye, TT Trinidad and Tobago, TW Taiwan, TZ Tanzania, UA Ukraine, UG Uganda, "
    "US United States/USA/United States of America/U S A/U S/America/Puerto Rico/Guam, "
    "UY Uruguay, UZ Uzbekistan, VE Venezuela, VN Vietnam/Viet Nam, YE Yemen, ZA South Africa/RSA, "
    "ZM Zambia, ZW Zimbabwe"
)


def folded(text: object) -> str:
    """Return text as names are compared: lower case, no accents, single blanks, no marks.

    Examples
    --------
    >>> folded(" Côte-d'Ivoire "), folded("U.S.A.")
    ('cote d ivoire', 'u s a')
    """
    plain = str(text)
    if not plain.isascii():  # only then is there an accent to take off
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(one for one in plain if not unicodedata.combining(one))
    plain = plain.casefold()
    return re.sub(r"[\W_]+", " ", plain).strip()


_BY_STATE = {folded(name): code for code, name in STATES.items()} | {
    **{code.casefold(): code for code in STATES},
    "washington dc": "DC", "washington d c": "DC", "d c": "DC", "us virgin islands": "VI",
}  # fmt: skip
_BY_COUNTRY = {
    name: one[:2]
    for one in _COUNTRIES.split(", ")
    for name in (one[:2].casefold(), *(folded(part) for part in one[3:].split("/")))
}


def state_code(text: object) -> str:
    """Return the two letters of a state of the United States; "" for what is none.

    Examples
    --------
    >>> state_code("Washington"), state_code("wa"), state_code("US-WA"), state_code("Selangor")
    ('WA', 'WA', 'WA', '')
    """
    name = folded(text)
    for start in ("us ", "usa ", "state of "):
        name = name.removeprefix(start)
    return _BY_STATE.get(name, "")


def country_code(text: object) -> str:
    """Return the ISO 3166 code of a country; "" for what is none.

    Examples
    --------
    >>> country_code("Malaysia"), country_code("U.S."), country_code("DEUTSCHLAND")
    ('MY', 'US', 'DE')
    >>> country_code("King County")
    ''
    """
    return _BY_COUNTRY.get(folded(text), "")
