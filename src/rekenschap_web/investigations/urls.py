# SPDX-License-Identifier: EUPL-1.2
"""Where investigations are."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.investigations import views

app_name = "investigations"
urlpatterns = [
    path("onderzoeken/", views.all_investigations, name="list"),
    path("onderzoeken/start/<str:number>/", views.open_one, name="open"),
    path("onderzoeken/<str:number>/", views.detail, name="detail"),
    path("onderzoeken/<str:number>/notitie/", views.note, name="note"),
    path("onderzoeken/<str:number>/bijlage/", views.attach, name="attach"),
    path("onderzoeken/<str:number>/taak/", views.add_task, name="add_task"),
    path("onderzoeken/<str:number>/taak/<int:task>/klaar/", views.finish_task, name="finish_task"),
    path("onderzoeken/<str:number>/datalek/", views.breach, name="breach"),
    path("onderzoeken/<str:number>/bewaar/", views.hold, name="hold"),
    path("onderzoeken/<str:number>/vraag-reactie/", views.ask_reply, name="ask_reply"),
    path("onderzoeken/<str:number>/stel-voor/", views.propose, name="propose"),
    path("onderzoeken/<str:number>/sluit/", views.close, name="close"),
    path("onderzoeken/<str:number>/dossier/", views.evidence_file, name="evidence_file"),
    path("onderzoeken/<str:number>/<slug:act>/", views.move, name="move"),
    path("reactie/<str:number>/", views.reply, name="reply"),
]
