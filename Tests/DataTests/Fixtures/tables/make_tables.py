"""What pandas makes of two small tables: the answers that TableReferenceTests compares with.

Made with pandas 3.0 or later; run: python3 make_tables.py
Groups and rows stand in the order of first appearance (sort=False) and missing keys are kept
(dropna=False), as maas has it; skipna is pandas' own, so the tests skip missing cells.
"""
import os
import numpy as np
import pandas as pd

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rng = np.random.default_rng(7)
rows = 200


def with_missing(values, share=0.1):
    return pd.Series(values).where(rng.random(len(values)) >= share, None)


cars = pd.DataFrame(
    {
        "id": np.arange(rows),
        "road": with_missing(rng.choice(["north", "süd", "east, 1", "west"], rows)),
        "lane": with_missing(rng.integers(1, 4, rows).astype(float)),
        "speed": with_missing(rng.normal(70, 20, rows)),
        "weight": rng.exponential(1000, rows),
        "toll": rng.random(rows) < 0.3,
    }
)
roads = pd.DataFrame(
    {
        "road": ["south", "north", "west", "west", None, "süd"],
        "lane": [1.0, 2.0, 1.0, 3.0, 2.0, 3.0],
        "limit": [50.0, 90.0, 70.0, 80.0, 30.0, None],
        "weight": [1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
    }
)


def write(name, table):
    table.to_csv(f"{name}.csv", index=False)


write("cars", cars)
write("roads", roads)
# What follows starts from the files, as the tests do.
cars = pd.read_csv("cars.csv")
roads = pd.read_csv("roads.csv")

write("sorted", cars.sort_values(["road", "speed"], ascending=[True, False], kind="stable"))
write("sorted_numbers", cars.sort_values("speed", kind="stable"))

groups = cars.groupby(["road", "lane"], sort=False, dropna=False)
write(
    "grouped",
    groups.agg(
        total=("speed", "sum"), mean=("speed", "mean"), low=("speed", "min"),
        high=("weight", "max"), share=("toll", "mean"), cars=("id", "size"),
    ).reset_index(),
)

for how, ours in [("inner", "inner"), ("left", "left"), ("outer", "full")]:
    write(f"joined_{ours}", cars.merge(roads, on="road", how=how, suffixes=("", "_right")))
write("joined_twice", cars.merge(roads, on=["road", "lane"], how="left", suffixes=("", "_right")))
write("unique", cars.drop_duplicates(["road", "lane"]))

known = cars.dropna(subset=["road", "lane"])
write("dropped", known)
pivot = known.pivot_table(
    index="road", columns="lane", values="weight", aggfunc="mean", sort=False
).reset_index()
pivot.columns = [c if isinstance(c, str) else str(int(c)) for c in pivot.columns]
write("pivoted", pivot)
write(
    "unpivoted",
    cars.melt(
        id_vars=["id", "road", "lane", "toll"], value_vars=["speed", "weight"],
        var_name="what", value_name="amount",
    ),
)
write("concatenated", pd.concat([roads, cars[["weight", "road"]].head(3)]))

numbers = ["id", "lane", "speed", "weight"]
described = cars[numbers].describe().T.reset_index()
described.columns = ["column", "count", "mean", "std", "min", "q25", "median", "q75", "max"]
described.insert(2, "distinct", [cars[name].nunique() for name in numbers])
write("described", described)

computed = pd.DataFrame(
    {
        "ratio": cars.speed / cars.lane, "floor": cars.weight // 7, "rest": -cars.weight % 7,
        "power": cars.lane**2, "difference": cars.speed - 70,
        "fast": (cars.speed > 70).where(cars.speed.notna()),
        "east": (cars.road == "east, 1").where(cars.road.notna()),
        "label": cars.road + "!",
    }
)
write("computed", computed.replace({True: "true", False: "false"}))
