# The handful of verbs. `make demo` to see it, `make test` to trust it.
.POSIX:
.PHONY: help demo test check quick bench lock translations clean

help:
	@echo "make demo    install, make a demonstration provider, start the site; prints the address and the sign-ins"
	@echo "make test    everything a change must pass: checks, the suite on SQLite and on PostgreSQL, in a browser"
	@echo "make check   format, lint, types, rules between rooms, templates"
	@echo "make quick   the tests without browser, PostgreSQL and whatever is slow: some minutes"
	@echo "make bench   the benchmarks, as ratios and rows a second"
	@echo "make lock    resolve the dependencies anew"
	@echo "make translations  gather the strings pages show, and compile their Spanish"

.venv/installed-run: requirements/run.txt pyproject.toml install.sh
	@sh install.sh run

.venv/installed-develop: requirements/develop.txt pyproject.toml install.sh
	@sh install.sh develop

demo: .venv/installed-run
	@.venv/bin/tending demo

check: .venv/installed-develop
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy src
	.venv/bin/lint-imports
	.venv/bin/djlint --quiet --lint src

quick: .venv/installed-develop
	.venv/bin/pytest -q -n auto --hypothesis-profile=quick -m "not browser and not slow"

test: .venv/installed-develop
	sh tests/support/install_system.sh
	$(MAKE) check
	.venv/bin/pytest -q -n auto
	.venv/bin/python -m tests.support.postgresql .venv/bin/pytest -q -n auto -m "not calculation"

bench: .venv/installed-develop
	.venv/bin/python -m benchmarks

lock:
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 pyproject.toml \
		--group install -o requirements/run.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -p 3.11 pyproject.toml \
		--extra postgresql --group install --group test --group lint -c requirements/run.txt \
		-o requirements/develop.txt

translations: .venv/installed-develop
	.venv/bin/python -m tests.support.translations

clean:
	rm -rf .venv var
