"""What an address shows that is a page of other roles only, as when a link was passed on."""

from __future__ import annotations

import streamlit as st

st.subheader("Not a page of your role")
st.info(
    "This address belongs to a page that your role does not have. Choose one of yours above; if "
    "you need this one, ask your administrator for the role."
)
