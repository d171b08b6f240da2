// Threads that evaluate the instances of a verilated design together (`sharing.rs`).

#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif
#ifdef __linux__
#include <sched.h>
#endif

class Vdesign__Syms;

/// Instances that are evaluated by one thread, and where they lie in the work of all: from 0 to 65535.
struct Family {
    void (*evaluate)(Vdesign__Syms*);
    uint32_t place;
};

/// The calling thread and its helpers. Each has its share of a list of families, always the same one, so that what an instance holds
/// stays in a processor's cache. A share that its helper has not begun when the calling thread has done its own is done by that thread:
/// who has fewer processors than threads loses little.
class Team {
public:
    explicit Team(unsigned threads) : helpers_(threads - 1), processors_(threads) {
#ifdef __linux__
        if (sched_getaffinity(0, sizeof allowed_, &allowed_) != 0) CPU_ZERO(&allowed_);
#endif
        for (unsigned i = 0; i < helpers_.size(); ++i) {
            helpers_[i] = std::make_unique<Helper>();
            helpers_[i]->thread = std::thread([this, i] { help(i + 1, *helpers_[i]); });
        }
    }

    ~Team() {
        stop_ = true;
        announce();
        for (auto& helper : helpers_) helper->thread.join();
    }

    void evaluate(Vdesign__Syms* design, const Family* families, unsigned count) {
        if (!is_worth_it()) {
            for (unsigned i = 0; i < count; ++i) families[i].evaluate(design);
            return;
        }
        shared_ += 1;
        note_processor(0);
        design_ = design;
        families_ = families;
        count_ = count;
        const uint32_t turn = announce();
        share(0);
        for (unsigned i = 0; i < helpers_.size(); ++i) {
            Helper& helper = *helpers_[i];
            if (claim(helper, turn)) {
                share(i + 1);
            } else {
                for (unsigned waits = 0; helper.done.load(std::memory_order_acquire) != turn; ++waits) {
                    waits < SPINS ? pause() : std::this_thread::yield();
                }
            }
        }
    }

    /// Lists of families that helpers were asked to help with.
    uint64_t shared() const { return shared_; }

private:
    using Clock = std::chrono::steady_clock;

    // Turns that alone and together are timed for, and those until they are timed again: some milliseconds, and less than a second.
    static constexpr int TRIAL = 3072;
    static constexpr int USE = 64 * TRIAL;
    // Looks at a flag before a thread lets others run: some 20 us, much longer than a cycle takes.
    static constexpr unsigned SPINS = 2000;

    struct alignas(64) Helper {
        std::atomic<uint32_t> claimed{0};
        std::atomic<uint32_t> done{0};
        std::thread thread;
    };

    struct alignas(64) Processor {
        std::atomic<int> number{-1};
        uint32_t age = 0;
    };

    static void pause() {
#if defined(__x86_64__) || defined(__i386__)
        _mm_pause();
#endif
    }

    /// Now and then tells the others where this thread runs. A scheduler may put threads that wait for each other so often on one
    /// processor, as if one woke the other: a helper leaves the processors of those before it.
    void note_processor(uint32_t member) {
#ifdef __linux__
        Processor& place = processors_[member];
        if (place.age++ % 64 != 0) return;
        const int own = sched_getcpu();
        place.number.store(own, std::memory_order_relaxed);
        cpu_set_t others = allowed_;
        bool meets = false;
        for (uint32_t i = 0; i < member; ++i) {
            const int other = processors_[i].number.load(std::memory_order_relaxed);
            meets = meets || other == own;
            if (other >= 0 && other < CPU_SETSIZE) CPU_CLR(other, &others);
        }
        if (meets && CPU_COUNT(&others) > 0) sched_setaffinity(0, sizeof others, &others);
#else
        (void)member;
#endif
    }

    /// Whether the helpers are to help, which is tried now and then. Processors that share no cache take longer to tell each other
    /// what they have done than to do it, and where threads run, and what else does, can change.
    bool is_worth_it() {
        if (helpers_.empty()) return false;
        if (left_-- > 0) return together_;
        const auto now = Clock::now();
        const auto took = now - since_;
        since_ = now;
        switch (trying_) {
        case Trying::Neither:
            trying_ = Trying::Alone;
            together_ = false;
            left_ = TRIAL;
            break;
        case Trying::Alone:
            alone_ = took;
            trying_ = Trying::Together;
            together_ = true;
            left_ = TRIAL;
            break;
        case Trying::Together:
            trying_ = Trying::Neither;
            together_ = took < alone_;
            left_ = USE;
            break;
        }
        return together_;
    }

    uint32_t announce() {
        const uint32_t turn = turn_.load(std::memory_order_relaxed) + 1;
        turn_.store(turn);
        if (sleepers_.load() != 0) {
            std::lock_guard<std::mutex> lock(mutex_);
            wake_.notify_all();
        }
        return turn;
    }

    static bool claim(Helper& helper, uint32_t turn) {
        uint32_t before = turn - 1;
        return helper.claimed.compare_exchange_strong(before, turn, std::memory_order_acq_rel);
    }

    void share(uint32_t member) {
        const uint32_t members = static_cast<uint32_t>(helpers_.size()) + 1;
        for (unsigned i = 0; i < count_; ++i) {
            if (families_[i].place * members >> 16 == member) families_[i].evaluate(design_);
        }
    }

    void help(uint32_t member, Helper& self) {
        uint32_t seen = 0;
        while (true) {
            for (unsigned spins = 0; turn_.load(std::memory_order_acquire) == seen; ++spins) {
                if (spins < 10 * SPINS) {
                    if (spins % 128 == 127) note_processor(member);
                    pause();
                    continue;
                }
                std::unique_lock<std::mutex> lock(mutex_);
                sleepers_ += 1;
                wake_.wait(lock, [&] { return turn_.load() != seen; });
                sleepers_ -= 1;
            }
            seen = turn_.load(std::memory_order_acquire);
            if (stop_) return;
            note_processor(member);
            if (claim(self, seen)) {
                share(member);
                self.done.store(seen, std::memory_order_release);
            }
        }
    }

    std::vector<std::unique_ptr<Helper>> helpers_;
    std::vector<Processor> processors_;
    enum class Trying { Neither, Alone, Together } trying_ = Trying::Neither;
    int left_ = 0;
    bool together_ = false;
    uint64_t shared_ = 0;
    Clock::time_point since_;
    Clock::duration alone_{};
    Vdesign__Syms* design_ = nullptr;
    const Family* families_ = nullptr;
    unsigned count_ = 0;
#ifdef __linux__
    cpu_set_t allowed_;
#endif
    std::atomic<bool> stop_{false};
    alignas(64) std::atomic<uint32_t> turn_{0};
    alignas(64) std::atomic<uint32_t> sleepers_{0};
    std::mutex mutex_;
    std::condition_variable wake_;
};

/// The team of the design that this thread evaluates.
extern thread_local Team* tessera_team;
