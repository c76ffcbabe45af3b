"""The notebooks' front door: it puts the paths in place and offers, by name, what workshop/lesson has.

A notebook imports this file in its first cell. It needs JupyterLab's kernel and nothing else, and it works from any
editor that runs notebooks: where no folder with chapters is on Python's path yet, it puts `chapters/` there. Files
that you edit are read anew before the next cell runs.
"""
# ruff: noqa: E402 (workshop is found only once the path is in place)
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # behind Python's own: files beside the README hide no modules
sys.dont_write_bytecode = True
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "127.0.0.1"  # requests and curl ask no proxy for it

from workshop.lesson.kernel import refuse_wrong_kernel

refuse_wrong_kernel()  # before anything is imported that another Python may lack

from workshop.lesson.attempts import attempt
from workshop.lesson.calls_by_hand import ignore, referee, sample_environ, say
from workshop.lesson.check_table import check
from workshop.lesson.connections import reset, two_ends
from workshop.lesson.conversations import all_until_silence, exchange, overhear
from workshop.lesson.coroutines import (
    fresh_exchange,
    talk,
    two_streams,
    visit_again_and_again,
    visit_and_stop,
    visit_meanwhile,
    visit_together,
)
from workshop.lesson.curl import ask_first
from workshop.lesson.delivery import deliver, show
from workshop.lesson.local_servers import program, real_server, server_from
from workshop.lesson.one_loop import loop_for, one_client
from workshop.lesson.places import tree
from workshop.lesson.quoting import quote
from workshop.lesson.recorded import show_what_is_recorded
from workshop.lesson.rereading import read_anew_before_each_cell
from workshop.lesson.responses import GET, KEPT, ask, client_reads, serving, visit
from workshop.lesson.scripted_listener import ScriptedListener
from workshop.lesson.stand_ins import Wire, fresh_response, sample_request
from workshop.lesson.waiting import dripping, second_in_line, visit_beside, waiting_call, watch_at_gate
from workshop.lesson.your_turn import your_turn

__all__ = ["GET", "KEPT", "ROOT", "ScriptedListener", "Wire", "all_until_silence", "ask", "ask_first", "attempt",
           "check", "client_reads", "deliver", "dripping", "exchange", "fresh_exchange", "fresh_response", "ignore",
           "loop_for", "one_client", "overhear", "program", "quote", "real_server", "referee", "reset",
           "sample_environ", "sample_request", "say", "second_in_line", "server_from", "serving", "show", "talk",
           "tree", "two_ends", "two_streams", "visit", "visit_again_and_again", "visit_and_stop", "visit_beside",
           "visit_meanwhile", "visit_together", "waiting_call", "watch_at_gate", "your_turn"]

sys.path.insert(1, str(tree()))
read_anew_before_each_cell()
show_what_is_recorded()
