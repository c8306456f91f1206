// cppjieba DICT MODEL: cppjieba as a peer of the benchmark. bench/peers.py describes the commands. The headers
// are those in the npm package nodejieba.
#include "cppjieba/DictTrie.hpp"
#include "cppjieba/FullSegment.hpp"
#include "cppjieba/HMMModel.hpp"
#include "cppjieba/MixSegment.hpp"
#include "cppjieba/QuerySegment.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using Words = std::vector<std::string>;

struct Segmenter {
    cppjieba::DictTrie dict;
    cppjieba::HMMModel model;
    cppjieba::MixSegment mix{&dict, &model};
    cppjieba::FullSegment full{&dict};
    cppjieba::QuerySegment query{&dict, &model};

    Segmenter(const char *words, const char *hmm) : dict(words, "/dev/null"), model(hmm)
    {
    }

    void cut(const std::string &mode, const std::string &line, Words &words) const
    {
        if (mode == "full")
            full.Cut(line, words);
        else if (mode == "search")
            query.Cut(line, words, true);
        else
            mix.Cut(line, words, mode == "hmm");
    }
};

static Words load(const std::string &path)
{
    Words lines;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

static void cut_all(const Segmenter &segmenter, const std::string &mode, const Words &lines)
{
    size_t count = 0;
    Words words;
    auto begin = std::chrono::steady_clock::now();
    for (const std::string &line : lines) {
        words.clear();
        segmenter.cut(mode, line, words);
        count += words.size();
    }
    std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - begin;
    std::cout << elapsed.count() << " " << count << std::endl;
}

static void write_words(const Segmenter &segmenter, const std::string &mode, const Words &lines,
                        const std::string &path)
{
    std::ofstream out(path);
    Words words;
    for (const std::string &line : lines) {
        words.clear();
        segmenter.cut(mode, line, words);
        for (const std::string &word : words) {
            char digits[3];
            for (unsigned char byte : word) {
                std::snprintf(digits, sizeof digits, "%02x", byte);
                out << digits;
            }
            out << ',';
        }
        out << '\n';
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const Segmenter segmenter(argv[1], argv[2]);
    Words lines;
    for (std::string command; std::getline(std::cin, command);) {
        std::istringstream parts(command);
        std::string name, mode, path;
        parts >> name;
        if (name == "load") {
            parts >> path;
            lines = load(path);
            std::cout << lines.size() << std::endl;
        } else if (name == "cut") {
            parts >> mode;
            cut_all(segmenter, mode, lines);
        } else if (name == "words") {
            parts >> mode >> path;
            write_words(segmenter, mode, lines, path);
            std::cout << lines.size() << std::endl;
        } else {
            break; // quit
        }
    }
    return 0;
}
