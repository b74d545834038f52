#!/bin/sh
exec yes NOOP
