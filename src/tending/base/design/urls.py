from django.urls import path

from tending.base.design import views

app_name = "design"

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("tending.<slug:digest>.css", views.stylesheet, name="stylesheet"),
    path("tending.<slug:digest>.js", views.script, name="script"),
]
