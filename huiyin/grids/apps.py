from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "huiyin.grids"
    verbose_name = "网格"

    def ready(self):
        from huiyin.areas import beside
        from huiyin.grids import access, staffing, standing
        from huiyin.shell import cabinet, rail

        rail.register("grids", "网格", "pin", "desk_grids", order=74, on_phone=False, group="ground")
        beside.LACKING.append(staffing.lacking)
        beside.PARTS.append(("grids/parts/on_area.html", standing.on_area))
        cabinet.register(
            "grid_gaps",
            "缺人的网格",
            "按配置规则缺人的网格；缺谁、去哪里补。",
            "desk_grid_gaps",
            group="开办",
            roles=access.EDITORS,
            state=staffing.state,
            order=60,
        )
