"""Coroutines that wait: one lets others run meanwhile, one lets nobody, and one cannot be stopped."""
import asyncio
import time


async def cook(what, seconds):
    print(what, "is put on")
    await asyncio.sleep(seconds)
    print(what, "is ready")
    return what


async def stir(what, seconds):
    print(what, "is put on")
    time.sleep(seconds)
    print(what, "is ready")
    return what


async def stubborn():
    try:
        await asyncio.sleep(10)
    except BaseException:
        print("an error: I go on")
    await asyncio.sleep(0.1)
    print("still here")
