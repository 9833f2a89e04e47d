# SPDX-License-Identifier: EUPL-1.2
"""Each idiom that means something else on another engine is refused, in one sentence."""

import re
from pathlib import Path

import pytest

from rekenschap.errors import ConfigurationError
from rekenschap.sql.subset import FUNCTIONS, check_subset, output_columns

REFUSED = {
    "select * from zaak": r"select \*",
    "select zaak.* from zaak": r"select \*",
    "select now() as n from zaak": "found now",
    "select random() as n from zaak": "rand",
    "select zaak / 2 as n from zaak": "a bare /",
    "select string_agg(zaak, ',') as n from zaak": "groupconcat",
    "select list(zaak) as n from zaak": "arrayagg",
    "select any_value(zaak) as n from zaak": "ignorenulls",
    "select first(zaak) as n from zaak": "first",
    "select datediff('day', zaak, zaak) as n from zaak": "datediff",
    "select epoch(zaak) as n from zaak": "timetounix",
    "select dayofweek(zaak) as n from zaak": "dayofweek",
    "select dayname(zaak) as n from zaak": "dayname",
    "select extract(dow from zaak) as n from zaak": "extract",
    "select hash(zaak) as n from zaak": "hash",
    "select log(zaak) as n from zaak": "log",
    "select substring(zaak, 0, 1) as n from zaak": "substring",
    "select quantile_cont(zaak, 0.5) as n from zaak": "percentilecont",
    "select mad(zaak) as n from zaak": "mad",
    "select floor(zaak) as n from zaak": "floor",
    "select cast(zaak as bigint) as n from zaak": "a cast to bigint",
    "select zaak::int as n from zaak": "a cast to int",
    "select cast(zaak as varchar) as n from zaak": "a cast to",
    "select try_cast(zaak as double) as n from zaak": "trycast",
    "select z.zaak from zaak as z cross join zaak as y": "cross join",
    "select z.zaak from zaak as z, zaak as y": "an equality|none",
    "select z.zaak from zaak as z full join zaak as y on z.zaak = y.zaak": "full join",
    "select z.zaak from zaak as z right join zaak as y on z.zaak = y.zaak": "right join",
    "select z.zaak from zaak as z asof join zaak as y on z.zaak = y.zaak and z.a >= y.a": "asof join",
    "select z.zaak from zaak as z positional join zaak as y": "positional join",
    "select z.zaak from zaak as z inner join zaak as y using (zaak)": "join",
    "select z.zaak from zaak as z inner join zaak as y on z.zaak > y.zaak": "none",
    "select z.zaak from zaak as z inner join zaak as y on z.zaak = 3": "none",
    "select z.zaak from zaak as z natural join zaak as y": "natural join|none",
    "select zaak from zaak where exists (select zaak from zaak)": "exists",
    "select zaak from zaak where zaak in (select zaak from zaak)": "subquery|select",
    "select zaak from (select zaak from zaak)": "subquery",
    "select (select 1) as n from zaak": "subquery",
    "select row_number() over (partition by zaak) as n from zaak": "none",
    "select zaak from zaak limit 3": "none",
    "select zaak from zaak using sample 3": "sample|tablesample",
    "select zaak from zaak union by name select zaak from zaak": "union by name",
    "with recursive n as (select zaak from zaak) select zaak from n": "recursive",
    "select zaak at time zone 'UTC' as n from zaak": "attimezone",
    "select zaak + interval 1 day as n from zaak": "interval",
    "select zaak[1] as n from zaak": "bracket",
    "select {'a': zaak} as n from zaak": "struct",
    "select zaak from zaak; select zaak from zaak": "2 statements",
    "drop table zaak": "another kind",
    "insert into zaak select zaak from zaak": "another kind",
    "select from where": "a fault in the grammar",
    "select zaak from read_csv('zaak')": "read_?csv|not declared",
    "select zaak from zaak pivot (sum(zaak) for zaak in (1))": "pivot",
    "select unnest(zaak) as n from zaak": "unnest|explode",
    "select zaak similar to 'a' as n from zaak": "similarto",
    "select count(distinct zaak) over (order by zaak) as n from zaak": "a distinct window",
}


@pytest.mark.parametrize("sql", REFUSED)
def test_what_is_not_portable_is_refused(sql: str):
    with pytest.raises(ConfigurationError, match=f"(?i){REFUSED[sql]}"):
        check_subset(sql, reads=["zaak"], parameters=[], query_id="query")


ALLOWED = [
    "select count(*) as n, sum(a) filter (where a > 0) as m from zaak group by b having min(a) > 1",
    "select a // 2 as n, a % 2 as m, -a as k, abs(a) as j, cast(a as double) / nullif(b, 0) as i from zaak",
    "select z.a from zaak as z semi join zaak as y on z.zaak = y.zaak and y.a between z.b and z.c",
    "select z.a from zaak as z anti join zaak as y on z.zaak = y.zaak where z.a is not null",
    "select z.a from zaak as z left join zaak as y on y.zaak = z.zaak and y.kind in ('a', 'b')",
    "with n as (select a from zaak union all select b from zaak) select a from n order by a limit 3",
    "select a from zaak qualify row_number() over (partition by a order by b desc nulls last, c) = 1",
    "select case when a = 1 then b else c end as n, coalesce(a, b) as m, greatest(a, b) as k from zaak",
    "select lag(a) over (partition by b order by c) as n, rank() over (order by a) as m from zaak",
    "select a is distinct from b as n, ln(a) as m, sqrt(a) as k, cast(null as bigint) as j from zaak",
    "select sum(a) over (partition by b order by c rows between 3 preceding and current row) as n from zaak",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_the_portable_subset_is_let_through(sql: str):
    check_subset(sql, reads=["zaak"], parameters=[], query_id="query")


@pytest.mark.parametrize(
    ("reads", "parameters", "said"),
    [
        (["task"], ["days"], "zaak not declared"),
        (["zaak", "task"], ["days"], "task declared but not used"),
        (["zaak"], [], "days not declared"),
        (["zaak"], ["days", "hours"], "hours declared but not used"),
    ],
)
def test_what_is_read_and_bound_is_what_is_declared(reads: list[str], parameters: list[str], said: str):
    with pytest.raises(ConfigurationError, match=said):
        check_subset(
            "select a from zaak where a > $days", reads=reads, parameters=parameters, query_id="query"
        )


def test_the_columns_of_an_answer_are_known_without_running_it():
    sql = "with n as (select a from zaak) select a as b, 'c' as d from n union all select a, 'e' from n"
    assert output_columns(sql, query_id="query") == ("b", "d")


def test_the_reference_page_names_every_function_that_is_allowed():
    page = (Path(__file__).parents[3] / "docs/reference/sql-subset.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| Functions |"))
    written = {name.replace("_", "") for name in re.findall(r"`(\w+)`", row)}
    allowed = {each.__name__.lower() for each in FUNCTIONS} - {"and", "or"}
    assert written == allowed
