"""What `serverful simulate` has found, for the report and for the bills of variations of a scenario."""

from shadow import compute

# Parameters that a simulation takes the place of.
REPLACED = ("cold_share", "peak_factor", "headroom")
TABLES = ("simulated_function", "simulated_fleet", "simulated_managed")

# Temporary tables that have the rows of one scenario for each of its variations. A variation whose requests take twice as much processor
# time, or of which twice as many pass the cache, needs the VMs of twice the volume.
FUNCTION = """CREATE TEMP TABLE simulated_function AS
    SELECT variation.scenario, simulated.requests * passing_now / passing AS requests, simulated.cold_share, throttled_share
    FROM main.simulated_function AS simulated
    JOIN (SELECT 1 - cdn * cache_share AS passing_now FROM temp.setting WHERE scenario = 0)
    JOIN (SELECT scenario, 1 - cdn * cache_share AS passing FROM temp.setting) AS variation
    WHERE simulated.scenario = ? AND passing > 0"""
VMS = """CREATE TEMP TABLE {table} AS
    SELECT variation.scenario, simulated.requests * work_now / work AS requests, instance, vms, {credits} AS surplus_credits
    FROM main.{table} AS simulated
    JOIN (SELECT {seconds} * origin AS work_now FROM temp.demand WHERE scenario = 0)
    JOIN (SELECT scenario, {seconds} * origin AS work FROM temp.demand) AS variation
    WHERE simulated.scenario = ? AND work > 0"""


def is_simulated(db, scenario):
    """Return whether the bills of a scenario count what was simulated."""
    return db.execute("SELECT EXISTS (SELECT 1 FROM function_stretch WHERE scenario = ?)", (scenario,)).fetchone()[0] == 1


def vary(db, scenario):
    """Let what was simulated for a scenario count for its variations, of which the first is the scenario itself, and compute their
    demand. Their settings are in temporary tables."""
    db.execute(FUNCTION, (scenario,))
    compute(db, ("function_stretch", "demand"))
    db.execute(VMS.format(table="simulated_fleet", seconds="vm_cpu_seconds", credits="surplus_credits"), (scenario,))
    db.execute(VMS.format(table="simulated_managed", seconds="function_cpu_seconds", credits="0"), (scenario,))
    compute(db, ("fleet_stretch",))


def read(db, scenario):
    """Return what the report shows of the simulation of a scenario: the traffic, what was simulated at each volume of the function, of the
    VMs and of Lambda Managed Instances, and facts about the run. Without a simulation that counts, nothing is in the lists."""
    found = {"traffic": db.execute("SELECT traffic FROM setting WHERE scenario = ?", (scenario,)).fetchone()[0],
             "inputs": dict(db.execute("SELECT name, value FROM simulation_input"))}
    for table in TABLES:
        cursor = db.execute(f"SELECT * FROM main.{table} WHERE scenario = ? AND ? <> 'none' ORDER BY requests", (scenario, found["traffic"]))
        names = [column[0] for column in cursor.description]
        found[table.partition("_")[2]] = [dict(zip(names, row)) for row in cursor]
    return found
