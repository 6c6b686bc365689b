module Engram.Tests.Memories.DistributedMemoryTests

open System
open System.IO
open Expecto
open TorchSharp
open Engram
open Engram.Tests.Similarity.Samples

let private mapOf c =
    SinCosFeatures(normal c.Seed [ 50L; c.D ], c.Beta)

let private remembered (map: IFeatureMap) (memories: torch.Tensor) =
    DistributedMemory.create map |> DistributedMemory.add memories

let private sums =
    testList "sums" [
        property 20 "T is the sum of the features, however it was added" (fun c ->
            for name, map in maps c.Seed 30L c.D c.Beta do
                let xi = normal (c.Seed + 2) [ c.K; c.D ] * torch.tensor 0.3
                let expected = (map.Map xi).sum 0L
                use atOnce = remembered map xi
                close 1e-12 (atOnce.ToTensor()) expected $"{name}: at once"
                Expect.equal atOnce.Count c.K "count"
                use stream = DistributedMemory.create map
                let one (i: int64) = xi[i]
                stream |> DistributedMemory.addAll (Seq.init (int c.K) (int64 >> one)) |> ignore
                close 1e-12 (stream.ToTensor()) expected $"{name}: one by one"
                Expect.equal stream.Count c.K "count")

        property 20 "forgetting undoes adding, and merging adds" (fun c ->
            let map = mapOf c
            let a, b = normal (c.Seed + 1) [ c.K; c.D ], normal (c.Seed + 2) [ c.N; c.D ]
            use first = remembered map a
            use second = remembered map b
            use both = DistributedMemory.merge first second
            close 1e-12 (both.ToTensor()) (map.Sum(torch.cat [| a; b |])) "merged"
            Expect.equal both.Count (c.K + c.N) "count"
            close 1e-12 (first.ToTensor()) (map.Sum a) "the two stay"
            both.Forget b
            close 1e-13 (both.ToTensor()) (first.ToTensor()) "forgotten"
            both.Forget a[0]
            Expect.equal both.Count (c.K - 1L) "one less")

        testCase "many float32 memories lose no digits on the way" (fun () ->
            let omega, xi = normal 1 [ 20L; 3L ], normal 2 [ 50_000L; 3L ]

            use single =
                remembered (SinCosFeatures(omega.to_type torch.float32, 1.0)) (xi.to_type torch.float32)

            close
                1e-5
                ((single.ToTensor()).to_type torch.float64)
                (SinCosFeatures(omega, 1.0).Sum xi)
                "against float64"

            for i in 0L .. 9L do
                single.Forget((xi.narrow (0L, i * 5000L, 5000L)).to_type torch.float32)

            Expect.equal single.Count 0L "all forgotten"
            // 50,000 features of size 1/√20, each rounded to ε of the size of its partial sum.
            Expect.isLessThan ((single.ToTensor()).abs().max().item<float32>()) 1e-1f "nothing is left")

        testCase "an energy is that of the memories as they were" (fun () ->
            let map, xi, v =
                SinCosFeatures(normal 1 [ 500L; 3L ], 1.0), normal 2 [ 4L; 3L ], normal 3 [ 3L ]

            use memory = remembered map xi
            let energy = memory.ToEnergy()
            let before = energy.Value v
            memory.Add v
            close 1e-15 (energy.Value v) before "not touched by later changes"

            close
                1e-12
                ((memory.ToEnergy()).Value v)
                (DistributedEnergy(map, map.Sum(torch.cat [| xi; v.unsqueeze 0L |])).Value v)
                "new")

        testCase "DrDam offers the published class" (fun () ->
            use dam = new DrDam(PrngKey.Create 1L, 3L, 100L, 2.0)
            let xi, x, y = normal32 2 [ 4L; 3L ], normal32 3 [ 5L; 3L ], normal32 4 [ 3L ]
            let map = SinCosFeatures(Frequencies.Gaussian(PrngKey.Create 1L, 100L, 3L), 2.0)
            let memory = dam.Consolidate xi
            Expect.equal (dam.Dimension, dam.FeatureDimension, dam.InverseTemperature) (3L, 200L, 2.0) "D, Tdim, β"
            Expect.equal dam.FrequencyCount 100L "Y"
            close 1e-9 dam.Frequencies map.Frequencies "RF"
            close 1e-9 (dam.Features x) (map.Map x) "phi"
            close 1e-9 (dam.Similarity(x, y)) (RbfKernel.Value(x, y, 2.0)) "sim"
            close 1e-6 (dam.ApproximateSimilarity(x, y)) ((map.Map x).matmul(map.Map y)) "rf_approx_sim"
            close 1e-9 (dam.Energy(x, xi)) (LogSumExpEnergy(xi, 2.0).Value x) "energy"
            close 1e-6 memory ((map.Map xi).sum 0L) "dist_memories"
            close 1e-6 (dam.ApproximateEnergy(x, memory)) (DistributedEnergy(map, memory).Value x) "rf_approx_energy"
            let options = DescentOptions(Steps = 20, StepSize = 0.1)
            use exact = dam.Descend(x, xi, options)
            close 1e-6 exact.State (EnergyDescent.Run(LogSumExpEnergy(xi, 2.0), x, options).State) "energy_descent"
            use near = dam.ApproximateDescend(x, memory, options)

            close
                1e-6
                near.State
                (EnergyDescent.Run(DistributedEnergy(map, memory), x, options).State)
                "rf_approx_energy_descent")

        testCase "below the clip ε the energy is −(1/β) log ε, and a descent rests" (fun () ->
            use dam = new DrDam(PrngKey.Create 1L, 3L, 100L, 2.0)
            let x, options = normal32 3 [ 5L; 3L ], DescentOptions(Steps = 4, StepSize = 0.1)
            // |⟨Φ(x), T⟩| is at most 4, the number of memories.
            let memory = dam.Consolidate(normal32 2 [ 4L; 3L ])
            let level = -0.5 * log 100.0
            close 1e-6 (dam.ApproximateEnergy(x, memory, 100.0)) (torch.full (5L, float32 level)) "energy"
            use descent = dam.ApproximateDescend(x, memory, options, clip = 100.0)
            close 1e-9 descent.State x "state"
            use free = dam.ApproximateDescend(x, memory, options)
            Expect.isGreaterThan ((free.State - x).abs().max().item<float32>()) 1e-2f "without it, it moves")

        testCase "what does not fit is told at the door" (fun () ->
            let map =
                mapOf {
                    Seed = 1
                    D = 3L
                    K = 1L
                    N = 1L
                    Beta = 1.0
                }

            use memory = DistributedMemory.create map
            let add (t: torch.Tensor) () = memory.Add t |> box
            throws<ArgumentException> [ "memories has shape [2, 4]"; "[..., 3]" ] (add (normal 1 [ 2L; 4L ]))
            throws<ArgumentException> [ "Float32" ] (add (normal32 1 [ 2L; 3L ]))
            throws<ArgumentException> [ "NaN" ] (add (torch.tensor [| 1.0; nan; 0.0 |]))
            throws<ArgumentException> [ "[M, D]" ] (add (normal 1 [ 2L; 2L; 3L ]))
            throws<InvalidOperationException> [ "there are 0" ] (fun () -> memory.Forget(normal 1 [ 3L ]) |> box)
            use other = DistributedMemory.create (SinCosFeatures(map.Frequencies, 2.0))
            throws<ArgumentException> [ "different feature maps" ] (fun () -> DistributedMemory.Merge(memory, other))
            Expect.equal memory.Count 0L "nothing was added"
            throws<ArgumentException> [ "features" ] (fun () -> new DrDam(PrngKey.Create 1L, 3L, 0L, 1.0))
            throws<ArgumentException> [ "inverseTemperature" ] (fun () -> new DrDam(PrngKey.Create 1L, 3L, 5L, 0.0))
            use dam = new DrDam(PrngKey.Create 1L, 3L, 5L, 1.0)

            throws<ArgumentException> [ "memories has shape [0, 3]"; "at least 1" ] (fun () ->
                dam.Consolidate(torch.zeros (0L, 3L)))

            throws<ArgumentException> [ "memories" ] (fun () -> dam.Energy(torch.zeros 3L, torch.zeros (2L, 4L))))
    ]

let private inFolder test =
    let folder = Directory.CreateTempSubdirectory "engram"

    try
        test (fun name -> Path.Combine(folder.FullName, name))
    finally
        folder.Delete true

let private files =
    testList "files" [
        testCase "each map and its sum come back" (fun () ->
            inFolder (fun path ->
                for name, map in maps 1 30L 3L 1.7 do
                    let file = path (name + ".safetensors")
                    use memory = remembered map (normal 2 [ 5L; 3L ])
                    memory.Save file
                    use loaded = DistributedMemory.Load file
                    let restored = loaded.FeatureMap :?> RandomFeatures
                    Expect.equal (restored.GetType()) (map.GetType()) name
                    Expect.equal restored.InverseTemperature 1.7 "β"
                    Expect.equal loaded.Count 5L "count"
                    Expect.equal (floats (loaded.ToTensor())) (floats (memory.ToTensor())) "T, to the bit"
                    let x = normal 3 [ 3L ]
                    Expect.equal (floats (restored.Map x)) (floats (map.Map x)) "Φ, to the bit"
                    // The same map by content, so that the two still merge.
                    use merged = DistributedMemory.Merge(memory, loaded)
                    Expect.equal merged.Count 10L "merged"))

        testCase "a key instead of its frequencies" (fun () ->
            inFolder (fun path ->
                use dam = new DrDam(PrngKey.Create(5L, PrngLayout.Legacy), 8L, 400L, 2.0)
                use memory = dam.Remember(normal32 1 [ 3L; 8L ])
                memory.Save(path "full")
                memory.Save(path "key", fromKey = true)

                Expect.isLessThan
                    (FileInfo(path "key").Length)
                    (FileInfo(path "full").Length - 400L * 8L * 4L + 8L)
                    "smaller"

                use loaded = DistributedMemory.Load(path "key")
                let map = loaded.FeatureMap :?> SinCosFeatures
                Expect.equal (floats map.Frequencies) (floats dam.Frequencies) "ω, to the bit"
                Expect.equal map.Origin.Key (PrngKey.Create(5L, PrngLayout.Legacy)) "the key"
                use without = remembered (SinCosFeatures(dam.Frequencies, 2.0)) (normal32 1 [ 8L ])
                throws<InvalidOperationException> [ "key" ] (fun () -> without.Save(path "no", fromKey = true) |> box)))

        testCase "any damage is told, and a failed save leaves the old file" (fun () ->
            inFolder (fun path ->
                let file = path "memory"

                use memory =
                    remembered (SinCosFeatures(normal 1 [ 4L; 2L ], 1.0)) (normal 2 [ 3L; 2L ])

                memory.Save file
                Expect.equal (Directory.GetFiles(Path.GetDirectoryName file).Length) 1 "no temporary file is left"
                let bytes = File.ReadAllBytes file

                let refused (change: byte[] -> byte[]) =
                    File.WriteAllBytes(path "damaged", change (Array.copy bytes))

                    throws<InvalidDataException> [ "damaged"; "cannot be read" ] (fun () ->
                        DistributedMemory.Load(path "damaged"))

                for length in [ 0; 4; 8; 100; bytes.Length - 1 ] do
                    refused (Array.truncate length)

                refused (fun b -> Array.append b [| 0uy |])

                for at in [ 0..7 .. bytes.Length - 1 ] do
                    refused (fun b ->
                        b[at] <- b[at] ^^^ 1uy
                        b)

                refused (fun _ -> Array.init 200 byte)
                let other = Text.Encoding.Latin1.GetString bytes

                let replaced (a: string) (b: string) =
                    Text.Encoding.Latin1.GetBytes(other.Replace(a, b))

                File.WriteAllBytes(path "newer", replaced "\"version\":\"1\"" "\"version\":\"2\"")

                throws<InvalidDataException> [ "newer" ] (fun () -> DistributedMemory.Load(path "newer"))))

        testCase "another version is told before its damage" (fun () ->
            inFolder (fun path ->
                let content =
                    SafetensorsContent(
                        readOnlyDict [],
                        readOnlyDict [ "format", "engram.distributed-memory"; "version", "2" ]
                    )

                Safetensors.Write(path "newer", content)

                throws<InvalidDataException> [ "version is '2'"; "version 1" ] (fun () ->
                    DistributedMemory.Load(path "newer"))

                let content =
                    SafetensorsContent(readOnlyDict [], readOnlyDict [ "format", "a model" ])

                Safetensors.Write(path "other", content)

                throws<InvalidDataException> [ "format is 'a model'" ] (fun () ->
                    DistributedMemory.Load(path "other"))

                throws<FileNotFoundException> [ "nowhere" ] (fun () -> DistributedMemory.Load(path "nowhere"))))

        testCase "a user's own map cannot be saved, and it says so" (fun () ->
            let own = {
                new IFeatureMap with
                    member _.Dimension = 2L
                    member _.FeatureDimension = 2L
                    member _.InverseTemperature = 1.0
                    member _.Map x = x
            }

            inFolder (fun path ->
                use memory =
                    DistributedMemory.create own |> DistributedMemory.add (torch.ones (3L, 2L))

                close 1e-9 (memory.ToTensor()) (torch.tensor [| 3.0f; 3.0f |]) "but it works"
                throws<NotSupportedException> [ "own" ] (fun () -> memory.Save(path "x") |> box)))
    ]

let private leaks =
    testCase "adding and forgetting leave nothing behind" (fun () ->
        let live () =
            DisposeScopeManager.Statistics.ThreadTotalLiveCount

        let map, xi = SinCosFeatures(normal32 1 [ 30L; 3L ], 1.0), normal32 2 [ 4L; 3L ]
        let before = live ()
        use seen = torch.zeros 1L
        Expect.equal (live ()) (before + 1L) "the count sees a tensor"

        for _ in 1..20 do
            use memory = DistributedMemory.create map
            memory.Add xi
            memory.Forget xi
            use dam = new DrDam(PrngKey.Create 1L, 3L, 10L, 1.0)
            use _ = dam.Consolidate xi
            use _ = dam.Descend(xi, xi, DescentOptions(Steps = 3))
            ()

        Expect.equal (live ()) (before + 1L) "tensors alive")

[<Tests>]
let tests = testList "memories" [ sums; files; leaks ]
