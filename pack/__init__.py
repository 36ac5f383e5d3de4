"""The quarterly pack: documents and a workbook that say what the pages say, from one level of one release.

Same figures and same sentences as the screen, because both come from `components`: no figure is worked out here and none is
formatted here. Every document is made from one level of one release and prints which; the public summary is a document of
its own from the open level. Knows nothing of Streamlit. What is in it, and how to check it: docs/guides/pack.md.
"""
