# SPDX-License-Identifier: EUPL-1.2
"""Addresses of the work list, findings and causes."""

from __future__ import annotations

from django.urls import path

from rekenschap_web.findings import views

app_name = "findings"
urlpatterns = [
    path("werklijst/", views.work_list, name="list"),
    path("werklijst/op-mij-nemen/", views.take_many, name="take_many"),
    path("werklijst/samen-afsluiten/", views.close_many, name="close_many"),
    path("bevindingen/<str:number>/", views.detail, name="detail"),
    path("bevindingen/<str:number>/op-mij-nemen/", views.take, name="take"),
    path("bevindingen/<str:number>/afsluiten/", views.close, name="close"),
    path("bevindingen/<str:number>/uitleggen/", views.explain, name="explain"),
    path("bevindingen/<str:number>/opnieuw-openen/", views.reopen, name="reopen"),
    path("bevindingen/<str:number>/opnieuw-kijken/", views.look_again, name="look_again"),
    path("bevindingen/<str:number>/relaties/", views.relations, name="relations"),
    path("bevindingen/<str:number>/bewijs/<int:entry>/", views.proof, name="proof"),
    path("oorzaken/<str:cause>/", views.cause, name="cause"),
    path("oorzaken/<str:cause>/opnieuw-kijken/", views.look_at_cause_again, name="look_at_cause_again"),
]
