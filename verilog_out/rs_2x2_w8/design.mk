# rs_2x2_w8_glb4: check it, simulate it, synthesize it.
RTL := $(shell cat rtl.f)

.PHONY: lint sim-icarus sim-verilator synth-ecp5

lint:
	verilator --lint-only -Wall -f rtl.f --top-module tessera
	yosys -q -p 'read_verilog $(RTL); hierarchy -check -top tessera; proc; check -assert'

sim-icarus:
	iverilog -g2005 -o tb/icarus.vvp -s tb -c rtl.f tb/tb.v
	cd tb && vvp -n icarus.vvp

sim-verilator:
	verilator --binary --timing -Wno-fatal -Wno-lint -Wno-style -O3 --Mdir tb/verilated --top-module tb -f rtl.f tb/tb.v
	cd tb && verilated/Vtb

synth-ecp5:
	yosys -p 'read_verilog $(RTL); synth_ecp5 -top tessera -json ecp5.json; stat'