module Engram.Tests.Datasets.FashionMnistTests

open System
open System.IO
open System.Net.Http
open System.Security.Cryptography
open System.Threading
open Expecto
open TorchSharp
open Engram
open Engram.Tests
open Engram.Tests.Datasets
open Engram.Tests.Datasets.LocalServer

let private withFolder (act: string -> unit) =
    let folder = Directory.CreateTempSubdirectory "engram-"

    try
        act folder.FullName
    finally
        folder.Delete true

let private content = Array.init 300_000 (fun i -> byte (i * i / 7))

let private md5 (bytes: byte[]) =
    Convert.ToHexStringLower(MD5.HashData bytes)

let private download (server: Server) folder sum =
    let target = Path.Combine(folder, "file.gz")
    let download = Download(Uri(server.Address, "file.gz"), target, sum, null)
    download.Run(CancellationToken.None).GetAwaiter().GetResult()

let private failing<'E when 'E :> exn> (act: unit -> unit) =
    try
        act ()
        failtest "nothing was thrown"
    with :? 'E as e ->
        e.Message

/// How many images there are of each class.
let private classes (set: ImageSet) =
    set.Labels.data<int64>().ToArray() |> Array.countBy id

let private names folder = [ for path in Directory.GetFiles folder -> Path.GetFileName path ]

let private downloads =
    testList "downloads" [
        testCase "a whole file comes, is checked and moved" (fun () ->
            withFolder (fun folder ->
                use server = new Server(whole content)
                download server folder (md5 content)
                Expect.equal (File.ReadAllBytes(Path.Combine(folder, "file.gz"))) content "content"
                Expect.equal (names folder) [ "file.gz" ] "nothing else stays"))

        testCase "its progress is told" (fun () ->
            withFolder (fun folder ->
                use server = new Server(whole content)
                let told = ResizeArray<DownloadProgress>()

                let progress = {
                    new IProgress<DownloadProgress> with
                        member _.Report p = told.Add p
                }

                let target = Path.Combine(folder, "file.gz")

                let download =
                    Download(Uri(server.Address, "file.gz"), target, md5 content, progress)

                download.Run(CancellationToken.None).GetAwaiter().GetResult()
                let last = told[told.Count - 1]

                Expect.equal
                    (last.File, last.Received, last.Total)
                    ("file.gz", 300_000L, Nullable 300_000L)
                    "all of it"

                Expect.isAscending [ for p in told -> p.Received ] "in order"))

        testCase "a connection that breaks is taken up where it broke" (fun () ->
            withFolder (fun folder ->
                let mutable calls = 0

                use server =
                    new Server(fun asked response ->
                        calls <- calls + 1
                        (if calls = 1 then cutOff 100_000 content else whole content) asked response)

                download server folder (md5 content)
                Expect.equal (File.ReadAllBytes(Path.Combine(folder, "file.gz"))) content "content"
                Expect.equal [ for asked in server.Asked -> asked.From.IsSome ] [ false; true ] "asked for the rest"
                Expect.isGreaterThan server.Asked[1].From.Value 0L "not from the start"))

        testCase "half a file is kept apart, and the next call goes on from there" (fun () ->
            withFolder (fun folder ->
                do
                    use server = new Server(cutOff 10_000 content)

                    let message =
                        failing<HttpRequestException>(fun () -> download server folder (md5 content))

                    Expect.stringContains message "the next attempt goes on" "says that it is kept"
                    Expect.stringContains message "ENGRAM_DATA" "says what to do without a network"
                    Expect.equal (names folder) [ "file.gz.part" ] "no half-written file under its name"

                let kept = FileInfo(Path.Combine(folder, "file.gz.part")).Length
                Expect.isGreaterThan kept 0L "something came"
                use server = new Server(whole content)
                download server folder (md5 content)
                Expect.equal (File.ReadAllBytes(Path.Combine(folder, "file.gz"))) content "content"
                Expect.equal server.Asked[0].From (Some kept) "asked for the rest"))

        testCase "a server that cannot resume starts again" (fun () ->
            withFolder (fun folder ->
                File.WriteAllBytes(Path.Combine(folder, "file.gz.part"), content[..999])
                use server = new Server(fun asked -> whole content { asked with From = None })
                download server folder (md5 content)
                Expect.equal (File.ReadAllBytes(Path.Combine(folder, "file.gz"))) content "content"))

        testCase "a part that is whole already" (fun () ->
            withFolder (fun folder ->
                File.WriteAllBytes(Path.Combine(folder, "file.gz.part"), content)

                use server =
                    new Server(fun _ response ->
                        response.StatusCode <- 416
                        response.Close())

                download server folder (md5 content)
                Expect.equal (names folder) [ "file.gz" ] "moved"))

        testCase "a wrong checksum: nothing stays" (fun () ->
            withFolder (fun folder ->
                use server = new Server(whole content)

                let message =
                    failing<InvalidDataException>(fun () -> download server folder (md5 [| 1uy |]))

                Expect.stringContains message (md5 content) "the sum that came"
                Expect.stringContains message (md5 [| 1uy |]) "the sum that was wanted"
                Expect.stringContains message "try again" "what to do"
                Expect.equal (names folder) [] "nothing stays"))

        testCase "not there: nothing stays" (fun () ->
            withFolder (fun folder ->
                use server = new Server(notFound)

                let message =
                    failing<HttpRequestException>(fun () -> download server folder (md5 content))

                Expect.stringContains message "404" "why"
                Expect.hasLength server.Asked 1 "asked once"
                Expect.equal (names folder) [] "nothing stays"))

        testCase "no network: nothing stays" (fun () ->
            withFolder (fun folder ->
                let closed =
                    use server = new Server(notFound)
                    server.Address

                let options = FashionMnistOptions(Cache = folder, Source = closed)
                // A folder named by the environment would be taken instead.
                let load () =
                    FashionMnist.Fetch(folder, options, CancellationToken.None)

                let message = failing<HttpRequestException> load
                Expect.stringContains message "ENGRAM_DATA" "what to do"
                Expect.equal (names folder) [] "nothing stays"))

        testCase "a folder that cannot be written to" (fun () ->
            withFolder (fun folder ->
                let blocked = Path.Combine(folder, "blocked")
                // A file where the folder should be, which stops the administrator too.
                File.WriteAllText(blocked, "")
                use server = new Server(whole content)
                let message = failing<IOException>(fun () -> download server blocked (md5 content))
                Expect.stringContains message blocked "which"
                Expect.stringContains message "ENGRAM_DATA" "what to do"
                Expect.isEmpty server.Asked "nothing was asked for"))

        testCase "cancelled" (fun () ->
            withFolder (fun folder ->
                use server = new Server(whole content)
                let target = Path.Combine(folder, "file.gz")
                let download = Download(Uri(server.Address, "file.gz"), target, md5 content, null)

                let run () =
                    download.Run(CancellationToken true).GetAwaiter().GetResult()

                Expect.throws run "cancelled"
                Expect.isFalse (File.Exists target) "nothing under its name"))
    ]

let private folders =
    testList "folders" [
        testCase "a named folder that lacks files" (fun () ->
            withFolder (fun folder ->
                File.WriteAllBytes(Path.Combine(folder, "t10k-labels-idx1-ubyte.gz"), [||])
                let options = FashionMnistOptions(Folder = folder)
                Expect.isFalse (FashionMnist.IsAvailable options) "not available"

                let message =
                    failing<FileNotFoundException>(fun () -> FashionMnist.Load options |> ignore)

                Expect.stringContains message "train-images-idx3-ubyte.gz" "what is missing"
                Expect.isFalse (message.Contains "t10k-labels") "not what is there"
                Expect.stringContains message folder "where"))

        testCase "another data set's files" (fun () ->
            withFolder (fun folder ->
                for name in
                    [
                        "train-images-idx3-ubyte"
                        "train-labels-idx1-ubyte"
                        "t10k-images-idx3-ubyte"
                        "t10k-labels-idx1-ubyte"
                    ] do
                    File.WriteAllBytes(
                        Path.Combine(folder, name),
                        [| 0uy; 0uy; 8uy; 1uy; 0uy; 0uy; 0uy; 2uy; 1uy; 2uy |]
                    )

                let message =
                    failing<InvalidDataException>(fun () ->
                        FashionMnist.Load(FashionMnistOptions(Folder = folder)) |> ignore)

                Expect.stringContains message "[60000, 28, 28]" "what is wanted"))

        testCase "the real data" (fun () ->
            let folder = Requirements.fashionMnist ()
            use data = FashionMnist.Load(FashionMnistOptions(Folder = folder))

            Expect.equal
                (data.Train.Images.shape, data.Test.Images.shape)
                ([| 60_000L; 784L |], [| 10_000L; 784L |])
                "shapes"
            // Published: 6,000 and 1,000 images a class; mean .2860 and deviation .3530 of the training pixels.
            Expect.allEqual (classes data.Train |> Array.map snd) 6_000 "classes"
            let mean = data.Train.Images.mean().item<float32>()
            Expect.floatClose { absolute = 5e-5; relative = 0.0 } (float mean) 0.2860 "mean"
            let deviation = data.Train.Images.std().item<float32>()
            Expect.floatClose { absolute = 5e-5; relative = 0.0 } (float deviation) 0.3530 "deviation"

            Expect.equal
                data.Train.ClassNames[int (data.Train.Labels[0L].item<int64>())]
                "Ankle boot"
                "the first image"

            use all = data.ToSingleSet()
            Expect.equal all.Count 70_000L "all")
    ]

let private glyphs =
    testList "glyphs" [
        testCase "grey images in [0, 1], all classes about as often" (fun () ->
            use set = Glyphs.Load 2_000
            Expect.equal set.Images.shape [| 2_000L; 784L |] "shape"
            Expect.equal (set.Images.min().item<float32>()) 0f "black"
            Expect.isGreaterThan (set.Images.max().item<float32>()) 0.9f "white"
            Expect.hasLength (classes set) 10 "classes"
            Expect.all (classes set) (fun (_, n) -> abs (n - 200) < 60) "of each")

        testCase "each image depends on its number and key alone" (fun () ->
            use few = Glyphs.Load 20
            use many = Glyphs.Load 300
            use other = Glyphs.Load(20, PrngKey.Create 29L)
            Expect.isTrue (few.Images.Equals(many.Images.narrow (0, 0L, 20L))) "the first ones"
            Expect.isFalse (few.Images.Equals other.Images) "another key"

            let distinct =
                few.Images.data<float32>().ToArray() |> Array.chunkBySize 784 |> Array.distinct

            Expect.hasLength distinct 20 "no two alike")

        testCase "classes can be told apart: the nearest class mean is right far more often than by chance" (fun () ->
            use set = Glyphs.Load 3_000

            let train, test =
                set.Images.narrow (0, 0L, 2_000L), set.Images.narrow (0, 2_000L, 1_000L)

            let labels = set.Labels.narrow (0, 0L, 2_000L)

            let mean c =
                train[labels.eq (torch.tensor (c: int64))].mean [| 0L |]

            use means = torch.stack [| for c in 0L .. 9L -> mean c |]
            use nearest = torch.cdist(test, means).argmin 1L
            use right = nearest.eq(set.Labels.narrow (0, 2_000L, 1_000L)).sum()
            Expect.isGreaterThan (right.item<int64>()) 500L "of 1,000; chance gives 100")
    ]

[<Tests>]
let tests = testList "image sets" [ downloads; folders; glyphs ]
