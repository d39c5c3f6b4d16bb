"""Web routes."""

app_name = "catalogue"
urlpatterns: list = []
