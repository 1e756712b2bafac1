"""The screen: the only folder that imports streamlit.

`entry` opens every page, `state` holds what was uploaded, `caches` wraps the core,
`sidebar` filters, and the rest are the parts pages are drawn with.
"""
