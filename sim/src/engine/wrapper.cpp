// The C interface to a verilated design.
//
// `design.h`, made for each design, defines TESSERA_INPUTS(X) and TESSERA_OUTPUTS(X): lists of X(index, port). `values` holds
// two 64-bit words for each port, the low one first. TESSERA_LINK_CLOCK is defined if there are ports link_clk and link_rst.

#include "Vdesign.h"
#include "design.h"
#include "team.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

template <class T> void load(T& pin, const uint64_t* words) { pin = static_cast<T>(words[0]); }

template <std::size_t N> void load(VlWide<N>& pin, const uint64_t* words) {
    for (std::size_t i = 0; i < N; ++i) pin[i] = static_cast<EData>(words[i / 2] >> (32 * (i % 2)));
}

template <class T> void store(const T& pin, uint64_t* words) { words[0] = pin; }

template <std::size_t N> void store(const VlWide<N>& pin, uint64_t* words) {
    words[0] = words[1] = 0;
    for (std::size_t i = 0; i < N; ++i) words[i / 2] |= static_cast<uint64_t>(pin[i]) << (32 * (i % 2));
}

struct Model {
    VerilatedContext context;
    std::unique_ptr<Vdesign> top;
    std::unique_ptr<Team> team;
    uint64_t edges = 0;
    std::string error;
#if VM_TRACE
    VerilatedVcdC waveform;
    uint64_t time = 0;

    void dump(uint64_t at) {
        if (!waveform.isOpen()) return;
        time = at > time ? at : time + 1;
        waveform.dump(time);
    }
#endif
};

template <class F> int guarded(Model* model, F action) {
    tessera_team = model->team.get();
    try {
        action();
        return 0;
    } catch (const std::exception& e) {
        model->error = e.what();
        return 1;
    }
}

}  // namespace

thread_local Team* tessera_team = nullptr;

// Verilator's own versions end the process.
void vl_finish(const char*, int, const char*) { throw std::runtime_error("the design called $finish"); }
void vl_stop(const char*, int, const char*) { throw std::runtime_error("the design called $stop"); }
void vl_fatal(const char*, int, const char*, const char* message) { throw std::runtime_error(message); }

double sc_time_stamp() { return 0; }

#define TESSERA_API extern "C" __attribute__((visibility("default")))

TESSERA_API Model* tessera_new(int seed, int threads) {
    try {
        auto model = std::make_unique<Model>();
        model->team = std::make_unique<Team>(threads);
        model->context.randReset(2);
        model->context.randSeed(seed);
#if VM_TRACE
        model->context.traceEverOn(true);
#endif
        model->top = std::make_unique<Vdesign>(&model->context, "");
        return model.release();
    } catch (const std::exception&) {
        return nullptr;
    }
}

TESSERA_API void tessera_free(Model* model) {
#if VM_TRACE
    model->waveform.close();
#endif
    delete model;
}

TESSERA_API const char* tessera_error(const Model* model) { return model->error.c_str(); }

TESSERA_API uint64_t tessera_shared(const Model* model) { return model->team->shared(); }

TESSERA_API int tessera_trace(Model* model, const char* path) {
#if VM_TRACE
    return guarded(model, [&] {
        model->waveform.set_time_unit("1ps");
        model->waveform.set_time_resolution("1ps");
        model->top->trace(&model->waveform, 99);
        model->waveform.open(path);
        if (!model->waveform.isOpen()) throw std::runtime_error("the file cannot be written");
    });
#else
    (void)path;
    model->error = "built without waveforms";
    return 1;
#endif
}

TESSERA_API int tessera_settle(Model* model, uint64_t* values, int reset) {
    return guarded(model, [&] {
        Vdesign& top = *model->top;
        top.rst = reset != 0;
#ifdef TESSERA_LINK_CLOCK
        top.link_rst = reset != 0;
#endif
#define X(index, port) load(top.port, values + 2 * index);
        TESSERA_INPUTS(X)
#undef X
#if VM_TRACE
        top.eval();
        model->dump(model->edges * TESSERA_PERIOD_PS);
#endif
        top.clk = 0;
#ifdef TESSERA_LINK_CLOCK
        top.link_clk = 0;
#endif
        top.eval();
#if VM_TRACE
        model->dump(model->edges * TESSERA_PERIOD_PS + TESSERA_PERIOD_PS / 2);
#endif
#define X(index, port) store(top.port, values + 2 * index);
        TESSERA_OUTPUTS(X)
#undef X
    });
}

TESSERA_API int tessera_edge(Model* model, int link) {
    return guarded(model, [&] {
#ifdef TESSERA_LINK_CLOCK
        if (link) {
            model->top->link_clk = 1;
            model->top->eval();
            return;
        }
#else
        (void)link;
#endif
        model->edges += 1;
        model->top->clk = 1;
        model->top->eval();
    });
}
