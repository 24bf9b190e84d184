"""`python -m engine start|stop|status|setup|uri`."""

import os
import sys

import click
from dotenv import load_dotenv

from engine import ferretdb, resolve
from engine.messages import EngineError, console, say
from engine.places import PROJECT, places_for, var_folder
from engine.setup import set_up


@click.group()
def main() -> None:
    """データベースの準備・起動・停止。 / Set up, start and stop the database of this deployment."""
    load_dotenv(PROJECT / ".env")


@main.command()
def start() -> None:
    """起動して接続先を表示。 / Start it and print its address."""
    click.echo(resolve.start(var_folder(os.environ)).uri)


@main.command()
def uri() -> None:
    """必要なら起動し、接続先を表示。 / Print the address, starting it if need be."""
    click.echo(resolve.start(var_folder(os.environ)).uri)


@main.command()
def stop() -> None:
    """停止。 / Stop it."""
    resolve.stop(var_folder(os.environ))
    say("停止しました", "stopped")


@main.command()
def setup() -> None:
    """取得と組み立てだけを行う。 / Only fetch and build what is needed."""
    set_up(places_for(var_folder(os.environ), os.environ), os.environ)
    say("準備ができています", "ready")


@main.command()
def status() -> None:
    """何が動いているか。動いていなければ終了コード3。 / What runs; exit status 3 when it does not."""
    engine = resolve.find(var_folder(os.environ))
    click.echo(f"{engine.source} {engine.uri}" if engine.source != "given" else "given MONGODB_URI")
    for name, pid in engine.processes().items():
        click.echo(f"{name} {'-' if pid is None else pid}")
    if not engine.is_up() or not ferretdb.answers(engine.uri):
        sys.exit(3)


if __name__ == "__main__":
    try:
        main(standalone_mode=True)
    except EngineError as error:
        console.print(str(error), style="bold red")
        sys.exit(1)
